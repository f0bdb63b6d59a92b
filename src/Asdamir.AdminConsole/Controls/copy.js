// Buttons that copy a text, and those that load the page again.
import { texts } from "./dom.js";

// A browser has no clipboard for pages that are not served over HTTPS.
async function write(text) {
    try {
        if (navigator.clipboard) {
            await navigator.clipboard.writeText(text);
            return true;
        }
    } catch { /* Refused: the older way may be allowed. */ }
    const focused = document.activeElement;
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "skip" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return done;
}
document.addEventListener("click", async event => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
        const text = copy.dataset.copy || copy.parentElement.querySelector("code").textContent;
        copy.textContent = await write(text) ? texts.copied : texts.copyRefused;
        setTimeout(() => copy.textContent = texts.copy, 1500);
    }
    if (event.target.closest("[data-retry]")) { event.preventDefault(); location.reload(); }
});
