using System.Security.Claims;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Sign-in with the accounts that the console itself keeps. Their grants decide the roles.</summary>
internal sealed class LocalSignIn(LocalAccounts accounts, AuditTrail audit, IAntiforgery antiforgery) : ISignInMode, IDisposable
{
    private const int AttemptsPerMinute = 30;
    private const int MaxNameLength = 100;
    private const int MaxPasswordLength = 200;

    // Hashing a password costs time, so the attempts of an address are limited.
    private readonly SourceLimiter _attempts = new(AttemptsPerMinute);

    public string AuthenticationType => "local";

    public Type Fields => typeof(LocalSignInFields);

    public static void Add(IServiceCollection services) =>
        services.AddSingleton<ISignInMode, LocalSignIn>()
            .AddSingleton(new UserMenuLink(PageMap.Account, static () => SignInTexts.ChangeMine));

    public async Task<IResult> SignInAsync(HttpContext http, IFormCollection form, string returnUrl)
    {
        var name = form["name"].ToString().Trim();
        var password = form["password"].ToString();
        if (!_attempts.TryAcquire(http))
            return SignInRoutes.Page(form["returnUrl"], "often", name, StatusCodes.Status429TooManyRequests);

        var isPossible = name.Length is > 0 and <= MaxNameLength && password.Length is > 0 and <= MaxPasswordLength;
        var (account, isLocked) = isPossible
            ? accounts.SignIn(name, password, ClientSource.Of(http.Connection.RemoteIpAddress))
            : (null, false);
        if (account is null)
        {
            AuditFailure(http, name, isLocked ? "Wrong password, or locked." : "Wrong name or password.");
            return SignInRoutes.Page(form["returnUrl"], "password", name, StatusCodes.Status401Unauthorized);
        }
        var user = UserOf(account);
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, user).ConfigureAwait(false);
        audit.SignedIn(http, user);
        return Results.LocalRedirect(returnUrl);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(PageMap.Account, static () => new RazorComponentResult<AccountPage>());
        routes.MapPost(PageMap.Account, (Delegate)ChangePasswordAsync);
    }

    /// <summary>Adds an account when there is none, and writes its password, which is shown only this time.</summary>
    public void Prepare(TextWriter output)
    {
        if (accounts.All().Count > 0 || accounts.Add(LocalAccounts.StarterName, ["operator:*"]) is not { } password)
            return;
        output.WriteLine($"""

              First start. Sign in as   {LocalAccounts.StarterName}
              with the password         {password}
              It is shown only now. A new one: accounts password {LocalAccounts.StarterName}

            """);
    }

    public ClaimsPrincipal? Refresh(ClaimsPrincipal user) =>
        accounts.Find(user.Identity?.Name ?? "") is { } account ? UserOf(account) : null;

    public void Dispose() => _attempts.Dispose();

    private async Task<IResult> ChangePasswordAsync(HttpContext http)
    {
        if (!await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false))
            return Message.SessionChanged();
        var name = http.User.Identity?.Name ?? "";
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var wanted = form["new"].ToString();
        if (FaultOf(http, name, form["old"].ToString(), wanted, form["again"].ToString()) is { } fault)
            return new RazorComponentResult<AccountPage>(new { Fault = fault }) { StatusCode = StatusCodes.Status400BadRequest };
        accounts.SetPassword(name, wanted, Sessions.IdOf(http.User));
        audit.PasswordChanged(http);
        // All other sessions end; this one is replaced.
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, UserOf(accounts.Find(name)!)).ConfigureAwait(false);
        return new RazorComponentResult<AccountPage>(new { Done = true });
    }

    private string? FaultOf(HttpContext http, string name, string old, string wanted, string again)
    {
        if (wanted.Length is < LocalAccounts.MinPasswordLength or > MaxPasswordLength)
            return SignInTexts.FormatPasswordLength(LocalAccounts.MinPasswordLength, MaxPasswordLength);
        if (wanted != again)
            return SignInTexts.PasswordsDiffer;
        if (accounts.SignIn(name, old, ClientSource.Of(http.Connection.RemoteIpAddress)).Account is not null)
            return null;
        AuditFailure(http, name, "Wrong old password, or locked.");
        return SignInTexts.WrongOldPassword;
    }

    private void AuditFailure(HttpContext http, string name, string why) =>
        audit.SignInFailed(http, accounts.Find(name) is { } account ? UserOf(account) : null, why, name);

    private ClaimsPrincipal UserOf(LocalAccount account) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, account.Name),
            new Claim(Identities.StampClaim, account.Stamp),
            .. account.Grants.Select(static grant => new Claim(Roles.GrantClaim, grant)),
        ],
        AuthenticationType));
}
