// The user menu, and forms that are sent with each change.
document.addEventListener("change", event => {
    const target = event.target;
    if (target.matches("[data-cookie]")) {
        document.cookie = target.dataset.cookie + "=" + target.value + "; path=/; max-age=31536000; samesite=lax";
        document.documentElement.dataset[target.dataset.cookie === "console-theme" ? "theme" : "keys"] = target.value;
    } else if (target.form?.matches("[data-submit-on-change]")) {
        target.form.requestSubmit();
    }
});
