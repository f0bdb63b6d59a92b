// The user menu, and forms that are sent with each change.
document.addEventListener("change", event => {
    const target = event.target;
    if (target.matches("[data-cookie]")) {
        document.cookie = target.dataset.cookie + "=" + target.value + "; path=/; max-age=31536000; samesite=lax";
        document.documentElement.dataset[target.dataset.cookie.replace("console-", "")] = target.value;
        if (target.dataset.cookie === "console-zone") location.reload();
    } else if (target.form?.matches("[data-submit-on-change]")) {
        target.form.requestSubmit();
    }
});

// An address says only what is filtered.
document.addEventListener("formdata", event => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
}, true);
