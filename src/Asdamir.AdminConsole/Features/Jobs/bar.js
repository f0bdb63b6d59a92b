// The bar of a job offers what fits the state that the page shows.
import { $, $$ } from "../../Controls/dom.js";

document.addEventListener("shown", () => {
    const bar = $("form[data-job]"), badge = $(".subject .state");
    if (!bar || !badge) return;
    const { state } = badge.dataset;
    $("[name=job]", bar).value = bar.dataset.job + "|" + state;
    $("[data-seen]", bar).textContent = badge.textContent;
    for (const button of $$("[data-fits]", bar)) button.hidden = !button.dataset.fits.split(" ").includes(state);
});
