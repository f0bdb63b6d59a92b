// Buttons that copy a text, and those that load the page again.
import { texts } from "./dom.js";

document.addEventListener("click", async event => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
        const text = copy.dataset.copy || copy.parentElement.querySelector("code").textContent;
        await navigator.clipboard?.writeText(text);
        copy.textContent = texts.copied;
        setTimeout(() => copy.textContent = texts.copy, 1500);
    }
    if (event.target.closest("[data-retry]")) { event.preventDefault(); location.reload(); }
});
