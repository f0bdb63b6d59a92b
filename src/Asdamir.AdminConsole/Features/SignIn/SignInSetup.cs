using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Registers the sessions and the selected way to sign in.</summary>
internal static class SignInSetup
{
    public static void Add(IServiceCollection services, SignInOptions options)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "asdamir-console";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = PageMap.SignIn;
            cookie.AccessDeniedPath = PageMap.Denied;
            // A session ends however active it is.
            cookie.ExpireTimeSpan = options.SessionLifetime;
            cookie.SlidingExpiration = false;
            cookie.Events.OnRedirectToLogin = static context =>
            {
                // A script cannot follow a redirect to a page; the status tells it that the session has ended.
                if (IsOfAScript(context.Request))
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                else
                    context.Response.Redirect(context.RedirectUri);
                return Task.CompletedTask;
            };
            cookie.Events.OnValidatePrincipal = ValidateAsync;
            cookie.Events.OnSigningIn = BeginAsync;
            cookie.Events.OnSigningOut = EndAsync;
        });
        services.AddSingleton(options).AddSingleton<LocalAccounts>().AddSingleton<Sessions>();
        services.AddSingleton<ICurrentRoles>(static provider => provider.GetRequiredService<Sessions>());
        SignInModes.Add(services, options);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static bool IsOfAScript(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "empty" || request.Headers.XRequestedWith == "fetch";

    // Grants are read with every request, so that a sign-out, a new password or a removal applies immediately.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.RequestServices.GetRequiredService<Sessions>().Current(context.Principal) is { } current)
        {
            context.ReplacePrincipal(current);
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync().ConfigureAwait(false);
    }

    private static async Task BeginAsync(CookieSigningInContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        // A new sign-in ends the session before. The provider's answer is handled before the request has a user.
        var before = await context.HttpContext.AuthenticateAsync(context.Scheme.Name).ConfigureAwait(false);
        sessions.Begin(context.Principal!, context.Properties.ExpiresUtc!.Value, before.Principal);
    }

    private static Task EndAsync(CookieSigningOutContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<Sessions>().End(context.HttpContext.User);
        return Task.CompletedTask;
    }
}
