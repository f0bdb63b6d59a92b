// Times: how long ago, kept up; the exact one, in the time of this place, as a hint.
import { $$, fill, texts } from "./dom.js";

const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always", style: "narrow" });
export function tellTimes(within = document) {
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
