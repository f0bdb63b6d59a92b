// What all scripts use: the elements of the page, and its texts in the language of the reader.
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

export const texts = JSON.parse(document.documentElement.dataset.texts);
export const fill = (text, value) => text.replace(/{\w+}/, value);
