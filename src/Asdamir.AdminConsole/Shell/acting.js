// Acting: the answer is either where to go, or a question, which is shown as a dialog.
import { $, texts } from "../Controls/dom.js";
import { tellTimes } from "../Controls/times.js";

const ask = $("#ask");
document.addEventListener("submit", async event => {
    const form = event.target;
    if (!form.matches("[data-act]") || !ask) return;
    event.preventDefault();
    // Not form.action: that is its button of this name.
    const body = new URLSearchParams(new FormData(form, event.submitter));
    form.setAttribute("aria-busy", "true");
    event.submitter.disabled = true;
    try {
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
        if (answer.redirected && answer.ok) return void (location.href = answer.url);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const question = $("#ask-content", page);
        if (!question) {
            // A refusal: the page that says so.
            const main = $("main", page);
            ask.replaceChildren(...(main ?? page.body).childNodes);
            const close = Object.assign(document.createElement("button"), { type: "button", textContent: texts.close });
            close.dataset.cancel = "";
            ask.append(close);
            const title = $("h1", ask);
            if (title) title.id = "ask-title";
        } else {
            ask.replaceChildren(...question.childNodes);
        }
        tellTimes(ask);
        if (!ask.open) ask.showModal();
        ($("[role=alert] ~ form input:not([type=hidden])", ask) ?? $("[data-cancel]", ask))?.focus();
    } catch {
        alert(texts.noAnswer);
    } finally {
        form.removeAttribute("aria-busy");
        event.submitter.disabled = false;
    }
});
ask?.addEventListener("click", event => {
    if (event.target.closest("[data-cancel]")) { event.preventDefault(); ask.close(); }
});
