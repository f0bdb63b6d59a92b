// Keys. Off where one writes, in dialogs, and when they are switched off.
import { $, $$ } from "../Controls/dom.js";
import { live } from "./Live/live.js";

let going = false;
function move(step) {
    const rows = $$("[data-rows] tbody tr");
    const at = rows.findIndex(row => "current" in row.dataset);
    const row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (!row) return;
    rows[at]?.removeAttribute("data-current");
    row.dataset.current = "";
    row.scrollIntoView({ block: "nearest" });
    ($("input[type=checkbox], a", row))?.focus({ preventScroll: true });
}
document.addEventListener("keydown", event => {
    // On a checkbox the browser would send the form with its first button, which is not meant.
    if (event.key === "Enter" && event.target.matches("form[data-act] input[type=checkbox]")) event.preventDefault();
    if (document.documentElement.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const row = $("[data-rows] tr[data-current]");
    const act = {
        "/": () => $("[data-key='/']")?.focus(),
        "?": () => $("#keys")?.showModal(),
        ".": () => live.toggle(),
        "j": () => move(1),
        "k": () => move(-1),
        "x": () => row && $("input[type=checkbox]", row)?.click(),
        "Enter": () => row && !event.target.closest("a, button, summary") && $("[data-open]", row)?.click(),
    }[event.key];
    if (going) {
        going = false;
        const goal = $$("[data-goto]").find(link => link.dataset.goto === event.key);
        if (goal) {
            event.preventDefault();
            goal.click();
        }
        return;
    }
    if (event.key === "g") {
        going = true;
        setTimeout(() => going = false, 2000);
    } else if (act) {
        if (event.key !== "Enter") event.preventDefault();
        act();
    }
});
