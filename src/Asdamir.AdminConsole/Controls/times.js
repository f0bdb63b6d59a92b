// Times: how long ago, kept up; or when, in the time of this place or in UTC, as the reader has chosen.
import { $$, fill, texts } from "./dom.js";

const root = document.documentElement;
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const words = new Intl.RelativeTimeFormat(root.lang, { numeric: "always", style: "narrow" });
const isUtc = root.dataset.zone === "utc";
const zone = isUtc ? { timeZone: "UTC" } : {};
const place = isUtc
    ? "UTC"
    : new Intl.DateTimeFormat(root.lang, { timeZoneName: "short" }).formatToParts().find(part => part.type === "timeZoneName").value;
// Sweden writes times as ISO 8601 does.
const iso = (at, options = zone) => at.toLocaleString("sv-SE", options);
export const clock = at => at.toLocaleTimeString("sv-SE", zone);

export function tellTimes(within = document) {
    for (const time of $$("time[datetime]", within)) {
        const at = new Date(time.dateTime);
        if (!("ago" in time.dataset)) {
            time.textContent = iso(at) + " " + place;
            time.title ||= iso(at, { timeZone: "UTC" }) + " UTC";
            continue;
        }
        time.title ||= fill(fill(texts.timeHint, iso(at, {})), iso(at, { timeZone: "UTC" }));
        const seconds = Math.round((at - Date.now()) / 1000);
        const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
        time.textContent = seconds === 0 ? texts.now : words.format(Math.trunc(seconds / size), unit);
    }
    for (const bar of $$("a[data-at]", within)) {
        const title = bar.firstElementChild;
        title.textContent = title.textContent.replace(/\d\d:\d\d UTC/, clock(new Date(bar.dataset.at)).slice(0, 5) + " " + place);
    }
}
tellTimes();
setInterval(tellTimes, 5000);

// Forms ask for times of the reader, and addresses have UTC.
for (const field of $$("input[type=datetime-local]"))
    if (field.defaultValue && !isUtc) field.value = iso(new Date(field.defaultValue + "Z")).replace(" ", "T");
for (const name of $$("[data-zone-name]")) name.textContent = place;
document.addEventListener("formdata", event => {
    for (const field of $$("input[type=datetime-local]", event.target)) {
        if (!field.value) continue;
        const at = new Date(field.value + (isUtc ? "Z" : ""));
        event.formData.set(field.name, at.toISOString().replace(".000", ""));
    }
});
for (const link of $$("a[data-midnight]")) {
    const since = new Date();
    isUtc ? since.setUTCHours(0, 0, 0, 0) : since.setHours(0, 0, 0, 0);
    const address = new URL(link.href);
    address.searchParams.set("from", since.toISOString().replace(".000", ""));
    link.href = address;
}
