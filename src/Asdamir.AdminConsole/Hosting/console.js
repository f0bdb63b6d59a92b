// Everything works without these scripts except what is live; they make things quicker to reach.
import "../Controls/times.js";
import "../Controls/copy.js";
import "../Shell/Live/live.js";
import "../Shell/preferences.js";
import "../Shell/acting.js";
import "../Shell/keys.js";
import "../Features/Jobs/selection.js";
import "../Features/Jobs/bar.js";

// All listeners are there.
document.documentElement.dataset.ready = "";
