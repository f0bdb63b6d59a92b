// Everything works without this script except what is live; it makes things quicker to reach.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

// Times: how long ago, kept up; the exact one, in the time of this place, as a hint.
const texts = JSON.parse(document.documentElement.dataset.texts);
const fill = (text, value) => text.replace(/{\w+}/, value);
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always", style: "narrow" });
function tellTimes(within = document) {
    for (const time of $$("time[datetime]", within)) {
        const at = new Date(time.dateTime);
        time.title ||= fill(fill(texts.timeHint, at.toLocaleString()), at.toISOString().replace("T", " ").slice(0, 19));
        if (!("ago" in time.dataset)) continue;
        const seconds = Math.round((at - Date.now()) / 1000);
        const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
        time.textContent = seconds === 0 ? texts.now : words.format(Math.trunc(seconds / size), unit);
    }
}
tellTimes();
setInterval(tellTimes, 5000);

// Live: one stream for the page's live part. Closed while the page is hidden, so that many tabs do not use up the
// browser's connections; when streams do not get through, single pictures are fetched.
const live = (() => {
    const part = $("[data-live]"), button = $("[data-live-switch]");
    if (!part || !button) return { toggle() { } };
    const pause = 10000;
    let stream = null, timer = 0, failures = 0, on = sessionStorage.getItem("live") !== "off", shownAt = new Date(), finished = false;

    function say(status, text) {
        button.dataset.status = status;
        $("[data-live-state]", button).textContent = text;
        $("[data-live-time]", button).textContent = status === "live" ? "" : fill(texts.dataFrom, shownAt.toLocaleTimeString());
        button.setAttribute("aria-pressed", String(on));
    }

    // What the reader has opened, scrolled or focused stays so.
    function show(html) {
        const focused = part.contains(document.activeElement) && document.activeElement.matches("summary, a, pre, .log, button") ? path(document.activeElement) : null;
        const open = new Map($$("details[id]", part).map(details => [details.id, details.open]));
        const scrolled = new Map($$("[data-tail], pre, table", part).map((element, i) => [i, [element.scrollTop, element.scrollHeight - element.scrollTop - element.clientHeight < 8]]));
        part.innerHTML = html;
        for (const [id, isOpen] of open) { const details = document.getElementById(id); if (details) details.open = isOpen; }
        $$("[data-tail], pre, table", part).forEach((element, i) => {
            const [top, atEnd] = scrolled.get(i) ?? [0, true];
            element.scrollTop = atEnd && element.matches("[data-tail]") ? element.scrollHeight : top;
        });
        if (focused) focused.reduce((element, i) => element?.children[i], part)?.focus({ preventScroll: true });
        tellTimes(part);
        finished = !!$("[data-finished=True]", part);
    }
    function path(element) {
        const steps = [];
        for (; element !== part; element = element.parentElement) steps.unshift([...element.parentElement.children].indexOf(element));
        return steps;
    }
    function take(kind, html) {
        failures = 0;
        if (kind === "stale") return say("stale", texts.storage);
        shownAt = new Date();
        if (kind === "view") show(html);
        say("live", texts.live);
        if (finished) stop();
    }
    function stop() { stream?.close(); stream = null; clearTimeout(timer); }
    function start() {
        if (!on || document.hidden || finished) return;
        stop();
        stream = new EventSource(part.dataset.live);
        for (const kind of ["view", "same", "stale"]) stream.addEventListener(kind, event => take(kind, event.data));
        stream.onerror = () => {
            failures++;
            say("waiting", texts.reconnecting);
            if (stream?.readyState === EventSource.CLOSED || failures > 3) { stop(); timer = setTimeout(poll, failures > 3 ? pause : 2000); }
        };
    }
    async function poll() {
        if (!on || document.hidden) return;
        try {
            const answer = await fetch(part.dataset.live + (part.dataset.live.includes("?") ? "&" : "?") + "once=1", { headers: { "X-Requested-With": "fetch" } });
            if (answer.status === 429) { say("stale", texts.tooMany); timer = setTimeout(poll, pause); return; }
            if (answer.status === 401) { on = false; return say("stale", texts.signedOut); }
            if (answer.ok) { const wasDown = failures <= 3; take(answer.headers.get("X-Live"), await answer.text()); if (wasDown) return start(); failures = 9; }
        } catch { say("waiting", texts.reconnecting); }
        timer = setTimeout(poll, failures > 3 ? pause : 2000);
    }
    function toggle() {
        on = !on;
        sessionStorage.setItem("live", on ? "on" : "off");
        if (on) { failures = 0; say("live", texts.live); start(); } else { stop(); say("paused", texts.paused); }
    }
    button.addEventListener("click", toggle);
    document.addEventListener("visibilitychange", () => document.hidden ? stop() : start());
    addEventListener("pagehide", stop);
    addEventListener("pageshow", event => { if (event.persisted) start(); });
    say(on ? "live" : "paused", on ? texts.live : texts.paused);
    $$("[data-tail]", part).forEach(log => log.scrollTop = log.scrollHeight);
    start();
    return { toggle };
})();

// Selecting rows: all, one, and with Shift all in between.
let last = null;
function tellSelection(form) {
    const boxes = $$("input[name=job][type=checkbox]", form), chosen = boxes.filter(box => box.checked).length;
    const said = $("[data-selected]", form);
    if (said) said.textContent = chosen === 0 ? texts.noneSelected : fill(texts.selected, chosen);
    for (const button of $$("[data-needs-selection]", form)) button.disabled = chosen === 0;
    const all = $("[data-select-all]", form);
    if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
}
document.addEventListener("click", event => {
    const box = event.target.closest("input[name=job][type=checkbox]");
    if (!box) return;
    const boxes = $$("input[name=job][type=checkbox]", box.form), [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) boxes.slice(from, to + 1).forEach(other => other.checked = box.checked);
    last = box;
    tellSelection(box.form);
});
document.addEventListener("change", event => {
    const target = event.target;
    if (target.matches("[data-select-all]")) {
        $$("input[name=job][type=checkbox]", target.form).forEach(box => box.checked = target.checked);
        tellSelection(target.form);
    } else if (target.matches("[data-cookie]")) {
        document.cookie = target.dataset.cookie + "=" + target.value + "; path=/; max-age=31536000; samesite=lax";
        document.documentElement.dataset[target.dataset.cookie === "console-theme" ? "theme" : "keys"] = target.value;
    } else if (target.form?.matches("[data-submit-on-change]")) {
        target.form.requestSubmit();
    }
});
const tellAll = () => $$("form[data-act]").forEach(tellSelection);
tellAll();
addEventListener("pageshow", tellAll);

// Acting: the answer is either where to go, or a question, which is shown as a dialog.
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
        tellAll();
    }
});
ask?.addEventListener("click", event => {
    if (event.target.closest("[data-cancel]")) { event.preventDefault(); ask.close(); }
});

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

// Keys. Off where one writes, in dialogs, and when they are switched off.
let going = false;
function move(step) {
    const rows = $$("[data-rows] tbody tr"), at = rows.findIndex(row => "current" in row.dataset);
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
        if (goal) { event.preventDefault(); goal.click(); }
        return;
    }
    if (event.key === "g") { going = true; setTimeout(() => going = false, 2000); }
    else if (act) { if (event.key !== "Enter") event.preventDefault(); act(); }
});

// All listeners are there.
document.documentElement.dataset.ready = "";
