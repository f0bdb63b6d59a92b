// Live: one stream for the page's live part. Closed while the page is hidden, so that many tabs do not use up the
// browser's connections; when streams do not get through, the fragment is fetched again and again.
import { $, $$, fill, texts } from "../../Controls/dom.js";
import { clock, tellTimes } from "../../Controls/times.js";

export const live = (() => {
    const part = $("[data-live]"), button = $("[data-live-switch]");
    if (!part || !button) return { toggle() { } };
    const pause = 10000;
    // A stream that brings nothing for so long is not live: its console may be frozen, or the network away.
    const silence = 20000;
    let stream = null;
    let timer = 0;
    let failures = 0;
    let on = sessionStorage.getItem("live") !== "off";
    // When the data was read; null as long as it was not.
    let shownAt = $(".problem", part) ? null : new Date();
    let newsAt = performance.now();
    let startedAt = newsAt;
    let finished = false;
    // What is under a finger stays there until it is lifted.
    let pressed = false;
    let held = null;

    function say(status, text) {
        button.dataset.status = status;
        $("[data-live-state]", button).textContent = text;
        $("[data-live-time]", button).textContent =
            status === "live" ? "" : shownAt ? fill(texts.dataFrom, clock(shownAt)) : texts.noData;
        button.setAttribute("aria-pressed", String(on));
        part.toggleAttribute("data-old", status === "silent" || status === "stale");
    }

    // What the reader has opened, scrolled or focused stays so.
    function show(html) {
        held = pressed ? html : null;
        if (pressed) return;
        const active = document.activeElement;
        const focused = part.contains(active) && active.matches("summary, a, pre, .log, button") ? path(active) : null;
        const open = new Map($$("details[id]", part).map(details => [details.id, details.open]));
        const isAtEnd = element => element.scrollHeight - element.scrollTop - element.clientHeight < 8;
        const scrollers = "[data-tail], pre, table, .tabs";
        const scrolled = $$(scrollers, part).map(element => [element.scrollTop, isAtEnd(element), element.scrollLeft]);
        part.innerHTML = html;
        for (const [id, isOpen] of open) {
            const details = document.getElementById(id);
            if (details) details.open = isOpen;
        }
        $$(scrollers, part).forEach((element, i) => {
            const [top, atEnd, left] = scrolled[i] ?? [0, true, 0];
            element.scrollLeft = left;
            element.scrollTop = atEnd && element.matches("[data-tail]") ? element.scrollHeight : top;
        });
        if (focused) focused.reduce((element, i) => element?.children[i], part)?.focus({ preventScroll: true });
        tellTimes(part);
        finished = !!$("[data-finished=True]", part);
        part.dispatchEvent(new Event("shown", { bubbles: true }));
    }
    function release() {
        // After the click that follows.
        setTimeout(() => {
            pressed = false;
            if (held !== null) show(held);
            if (finished) stop();
        }, 300);
    }
    function path(element) {
        const steps = [];
        for (; element !== part; element = element.parentElement) steps.unshift([...element.parentElement.children].indexOf(element));
        return steps;
    }
    function take(kind, html) {
        failures = 0;
        newsAt = performance.now();
        if (kind === "stale") return say("stale", texts.storage);
        shownAt = new Date();
        if (kind === "view") show(html);
        say("live", texts.live);
        if (finished) stop();
    }
    function watch() {
        if (!on || document.hidden || finished) return;
        const seconds = Math.floor((performance.now() - newsAt) / 1000);
        if (seconds * 1000 < silence) return;
        say("silent", fill(texts.silent, seconds));
        // Another connection may get through.
        if (performance.now() - startedAt >= silence) start();
    }
    function resume() {
        newsAt = performance.now();
        if (on && !finished) say("waiting", texts.reconnecting);
        start();
    }
    function stop() { stream?.close(); stream = null; clearTimeout(timer); }
    function start() {
        if (!on || document.hidden || finished) return;
        stop();
        startedAt = performance.now();
        stream = new EventSource(part.dataset.live);
        for (const kind of ["view", "same", "stale"]) stream.addEventListener(kind, event => take(kind, event.data));
        stream.onerror = () => {
            failures++;
            say("waiting", texts.reconnecting);
            if (stream?.readyState === EventSource.CLOSED || failures > 3) {
                stop();
                timer = setTimeout(poll, failures > 3 ? pause : 2000);
            }
        };
    }
    async function poll() {
        if (!on || document.hidden) return;
        try {
            const once = part.dataset.live + (part.dataset.live.includes("?") ? "&" : "?") + "once=1";
            const answer = await fetch(once, {
                headers: { "X-Requested-With": "fetch" },
                signal: AbortSignal.timeout(silence),
            });
            if (answer.status === 429) {
                say("stale", texts.tooMany);
                timer = setTimeout(poll, pause);
                return;
            }
            if (answer.status === 401) {
                on = false;
                return say("stale", texts.signedOut);
            }
            if (answer.ok) {
                const wasDown = failures <= 3;
                take(answer.headers.get("X-Live"), await answer.text());
                if (wasDown) return start();
                failures = 9;
            }
        } catch { say("waiting", texts.reconnecting); }
        timer = setTimeout(poll, failures > 3 ? pause : 2000);
    }
    function toggle() {
        on = !on;
        sessionStorage.setItem("live", on ? "on" : "off");
        if (on) {
            failures = 0;
            say("live", texts.live);
            start();
        } else {
            stop();
            say("paused", texts.paused);
        }
    }
    button.addEventListener("click", toggle);
    part.addEventListener("pointerdown", () => pressed = true);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, release);
    document.addEventListener("visibilitychange", () => document.hidden ? stop() : resume());
    addEventListener("pagehide", stop);
    addEventListener("pageshow", event => { if (event.persisted) resume(); });
    addEventListener("online", resume);
    setInterval(watch, 1000);
    say(on ? "live" : "paused", on ? texts.live : texts.paused);
    $(".tabs [aria-current]", part)?.scrollIntoView({ block: "nearest", inline: "center" });
    $$("[data-tail]", part).forEach(log => log.scrollTop = log.scrollHeight);
    start();
    return { toggle };
})();
