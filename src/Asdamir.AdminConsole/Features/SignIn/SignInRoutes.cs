using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Shell;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>The addresses of signing in and out.</summary>
internal static class SignInRoutes
{
    public static void Map(WebApplication app)
    {
        app.MapGet(PageMap.SignIn, static (string? returnUrl, string? failed) => Page(returnUrl, failed)).AllowAnonymous();
        app.MapPost(PageMap.SignIn, SignInAsync).AllowAnonymous();
        app.MapPost(PageMap.SignOut, SignOutAsync).AllowAnonymous();
        app.Services.GetRequiredService<ISignInMode>().Map(app);
    }

    public static RazorComponentResult<SignInPage> Page(
        string? returnUrl, string? failed, string? name = null, int status = StatusCodes.Status200OK) =>
        new(new { ReturnUrl = returnUrl, Failed = failed, Name = name }) { StatusCode = status };

    private static async Task<IResult> SignInAsync(HttpContext http, ISignInMode mode, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false))
            return Message.SessionChanged();
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        return await mode.SignInAsync(http, form, LocalOrStart(form["returnUrl"].ToString())).ConfigureAwait(false);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, AuditTrail audit, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false))
            return Message.SessionChanged();
        if (http.User.Identity?.IsAuthenticated == true)
            audit.SignedOut(http);
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme).ConfigureAwait(false);
        return Results.LocalRedirect(PageMap.SignIn + "?failed=out");
    }

    private static string LocalOrStart(string? address) =>
        address is ['/', not '/', ..] && Links.IsPlain(address) && !address.Contains("/live/", StringComparison.Ordinal) ? address : "/";
}
