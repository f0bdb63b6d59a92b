// Selecting rows: all, one, and with Shift all in between.
import { $, $$, fill, texts } from "../../Controls/dom.js";

let last = null;
function tellSelection(form) {
    const boxes = $$("input[name=job][type=checkbox]", form);
    const chosen = boxes.filter(box => box.checked).length;
    const said = $("[data-selected]", form);
    if (said) said.textContent = chosen === 0 ? "" : fill(texts.selected, chosen);
    const all = $("[data-select-all]", form);
    if (all) {
        all.checked = chosen > 0 && chosen === boxes.length;
        all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
}
document.addEventListener("click", event => {
    const box = event.target.closest("input[name=job][type=checkbox]");
    if (!box) return;
    const boxes = $$("input[name=job][type=checkbox]", box.form);
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) boxes.slice(from, to + 1).forEach(other => other.checked = box.checked);
    last = box;
    tellSelection(box.form);
});
document.addEventListener("change", event => {
    const target = event.target;
    if (!target.matches("[data-select-all]")) return;
    $$("input[name=job][type=checkbox]", target.form).forEach(box => box.checked = target.checked);
    tellSelection(target.form);
});
const tellAll = () => $$("form[data-act]").forEach(tellSelection);
tellAll();
addEventListener("pageshow", tellAll);
