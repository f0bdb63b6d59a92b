using System.Security.Claims;
using System.Threading.RateLimiting;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Signing in and out, and one's own password.</summary>
internal static partial class SignInRoutes
{
    private const int AttemptsPerMinute = 30;
    private const string WrongOld = "The old password is wrong, or the account is locked for a while.";

    public static void Map(WebApplication app)
    {
        // Hashing a password is work: whoever tries many from one address waits.
        var limiter = PartitionedRateLimiter.Create<HttpContext, string>(static http => RateLimitPartition.GetSlidingWindowLimiter(
            ClientSource.Of(http.Connection.RemoteIpAddress),
            static _ => new SlidingWindowRateLimiterOptions { PermitLimit = AttemptsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }));
        app.Lifetime.ApplicationStopped.Register(limiter.Dispose);

        app.MapGet(PageMap.SignIn, static (string? returnUrl, string? failed) => Page(returnUrl, failed, null)).AllowAnonymous();
        app.MapPost(PageMap.SignIn, (HttpContext http, LocalAccounts accounts, SignInOptions options, AuditTrail audit, IAntiforgery antiforgery) =>
            SignInAsync(http, accounts, options, audit, antiforgery, limiter)).AllowAnonymous();
        app.MapPost(PageMap.SignOut, SignOutAsync).AllowAnonymous();
        if (app.Services.GetRequiredService<SignInOptions>().OpenIdConnect.IsUsed)
            app.MapPost(BackChannelLogout.Path, static (HttpContext http, BackChannelLogout logout) => logout.HandleAsync(http)).AllowAnonymous();
        app.MapGet(PageMap.Account, static () => new RazorComponentResult<AccountPage>());
        app.MapPost(PageMap.Account, ChangePasswordAsync);
    }

    private static RazorComponentResult<LoginPage> Page(string? returnUrl, string? failed, string? name, int status = StatusCodes.Status200OK) =>
        new(new { ReturnUrl = returnUrl, Failed = failed, Name = name }) { StatusCode = status };

    private static async Task<IResult> SignInAsync(
        HttpContext http, LocalAccounts accounts, SignInOptions options, AuditTrail audit, IAntiforgery antiforgery, PartitionedRateLimiter<HttpContext> limiter)
    {
        if (!await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false))
            return Message.SessionChanged();
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var (name, password, back) = (form["name"].ToString().Trim(), form["password"].ToString(), form["returnUrl"].ToString());
        if (options.OpenIdConnect.IsUsed)
            return await GoToProviderAsync(http, LocalOrStart(back), audit).ConfigureAwait(false);
        using var lease = limiter.AttemptAcquire(http);
        if (!lease.IsAcquired)
            return Page(back, "often", name, StatusCodes.Status429TooManyRequests);

        var (account, isLocked) = name.Length is > 0 and <= 100 && password.Length is > 0 and <= 200 ? accounts.SignIn(name, password, ClientSource.Of(http.Connection.RemoteIpAddress)) : (null, false);
        if (account is null)
        {
            audit.SignInFailed(http, PrincipalOf(accounts, name), isLocked ? "Wrong password, or locked." : "Wrong name or password.", name);
            return Page(back, "password", name, StatusCodes.Status401Unauthorized);
        }
        var user = Principals.Of(account);
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, user).ConfigureAwait(false);
        audit.SignedIn(http, user);
        return Results.LocalRedirect(LocalOrStart(back));
    }

    private static async Task<IResult> GoToProviderAsync(HttpContext http, string back, AuditTrail audit)
    {
        try
        {
            await http.ChallengeAsync(OpenIdConnectDefaults.AuthenticationScheme, new AuthenticationProperties { RedirectUri = back }).ConfigureAwait(false);
            return Results.Empty;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Results.LocalRedirect(ProviderFailed(http, exception, "The provider does not answer.", audit));
        }
    }

    /// <summary>Writes down that a sign-in with the provider failed.</summary>
    /// <returns>Where to go now.</returns>
    internal static string ProviderFailed(HttpContext http, Exception? exception, string why, AuditTrail audit)
    {
        Log.ProviderFailed(http.RequestServices.GetRequiredService<ILogger<AuditTrail>>(), exception, why);
        audit.SignInFailed(http, null, why);
        return PageMap.SignIn + "?failed=provider";
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

    private static async Task<IResult> ChangePasswordAsync(HttpContext http, LocalAccounts accounts, AuditTrail audit, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false))
            return Message.SessionChanged();
        if (http.User.Identity is not { AuthenticationType: "local", Name: { } name })
            return Message.NotFound();
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var (old, wanted) = (form["old"].ToString(), form["new"].ToString());
        var fault = wanted.Length is < LocalAccounts.MinPasswordLength or > 200 ? $"The new password needs {LocalAccounts.MinPasswordLength} to 200 characters."
            : wanted != form["again"] ? "The new password and its repetition differ."
            : accounts.SignIn(name, old, ClientSource.Of(http.Connection.RemoteIpAddress)).Account is null ? WrongOld
            : null;
        if (fault == WrongOld)
            audit.SignInFailed(http, PrincipalOf(accounts, name), "Wrong old password, or locked.", name);
        if (fault is not null)
            return new RazorComponentResult<AccountPage>(new { Fault = fault }) { StatusCode = StatusCodes.Status400BadRequest };
        accounts.SetPassword(name, wanted);
        audit.PasswordChanged(http);
        // All other sessions end; this one goes on.
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, Principals.Of(accounts.Find(name)!)).ConfigureAwait(false);
        return new RazorComponentResult<AccountPage>(new { Done = true });
    }

    private static ClaimsPrincipal? PrincipalOf(LocalAccounts accounts, string name) => accounts.Find(name) is { } account ? Principals.Of(account) : null;

    private static string LocalOrStart(string? address) =>
        address is ['/', not '/', ..] && Links.IsPlain(address) && !address.Contains("/live/", StringComparison.Ordinal) ? address : "/";

    private static partial class Log
    {
        [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "A sign-in with the OpenID Connect provider failed: {Why}")]
        public static partial void ProviderFailed(ILogger logger, Exception? exception, string why);
    }
}
