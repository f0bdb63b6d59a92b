namespace Asdamir.AdminConsole.Shell;

/// <summary>The security headers of every response: same origin only, no inline code, no framing, no caching.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
            + "frame-ancestors 'none'; base-uri 'none'";

    /// <param name="provider">Where the sign-in form may lead; <see langword="null"/> for nowhere else.</param>
    public static void Use(WebApplication app, string? provider)
    {
        var policy = provider is null
            ? Policy
            : Policy.Replace(
                "form-action 'self'", $"form-action 'self' {new Uri(provider).GetLeftPart(UriPartial.Authority)}",
                StringComparison.Ordinal);
        app.Use((http, next) =>
        {
            // At the last moment: an error begins with an empty answer.
            http.Response.OnStarting(() =>
            {
                var headers = http.Response.Headers;
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
                // Of this host only: what else is served under its domain is not for the console to say.
                if (http.Request.IsHttps)
                    headers.StrictTransportSecurity = "max-age=31536000";
                if (headers.CacheControl.Count == 0)
                    headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(http);
        });
    }
}
