using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Sets up sessions, and the OpenID Connect provider when there is one.</summary>
internal static class SignInSetup
{
    public static void Add(IServiceCollection services, SignInOptions options)
    {
        var authentication = services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            (cookie.Cookie.Name, cookie.Cookie.HttpOnly, cookie.Cookie.SameSite) = ("asdamir-console", true, SameSiteMode.Lax);
            cookie.LoginPath = PageMap.SignIn;
            cookie.AccessDeniedPath = PageMap.Denied;
            // However much is done in it, a session ends: who has left does not stay for ever.
            (cookie.ExpireTimeSpan, cookie.SlidingExpiration) = (options.SessionLifetime, false);
            cookie.Events.OnRedirectToLogin = static context =>
            {
                // A script cannot follow a redirect to a page; it shows that the session is over.
                if (IsOfAScript(context.Request))
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                else
                    context.Response.Redirect(context.RedirectUri);
                return Task.CompletedTask;
            };
            cookie.Events.OnValidatePrincipal = ValidateAsync;
            (cookie.Events.OnSigningIn, cookie.Events.OnSigningOut) = (BeginAsync, EndAsync);
        });
        if (options.OpenIdConnect.IsUsed)
        {
            authentication.AddOpenIdConnect(provider => Configure(provider, options));
            services.AddSingleton<BackChannelLogout>();
        }
        services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static bool IsOfAScript(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "empty" || request.Headers.XRequestedWith == "fetch";

    // What was granted is read anew with every request: a sign-out, a change, a new password, a removal hold at once.
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
        // Who signs in again leaves the session before. The provider's answer is handled before the request has a user.
        var before = await context.HttpContext.AuthenticateAsync(context.Scheme.Name).ConfigureAwait(false);
        sessions.End(before.Principal);
        sessions.Begin(context.Principal!, context.Properties.ExpiresUtc!.Value);
    }

    private static Task EndAsync(CookieSigningOutContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<Sessions>().End(context.HttpContext.User);
        return Task.CompletedTask;
    }

    private static void Configure(Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions provider, SignInOptions options)
    {
        var settings = options.OpenIdConnect;
        (provider.Authority, provider.ClientId, provider.RequireHttpsMetadata) = (settings.Authority, settings.ClientId, settings.RequireHttps);
        provider.ClientSecret = settings.ClientSecretFile.Length > 0 ? File.ReadAllText(settings.ClientSecretFile).Trim() : settings.ClientSecret;
        provider.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes as a link and not as a form of another site, so the cookies in between need not be for other sites.
        provider.ResponseMode = OpenIdConnectResponseMode.Query;
        (provider.CorrelationCookie.SameSite, provider.CorrelationCookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        (provider.NonceCookie.SameSite, provider.NonceCookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        // Any site could end a session by a link to it; the way out is the form.
        provider.RemoteSignOutPath = PathString.Empty;
        provider.MapInboundClaims = false;
        provider.GetClaimsFromUserInfoEndpoint = true;
        provider.Scope.Clear();
        foreach (var scope in settings.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            provider.Scope.Add(scope);
        // The userinfo document is mapped claim by claim; an array becomes one claim for each of its entries.
        provider.ClaimActions.MapJsonKey(settings.GroupsClaim, settings.GroupsClaim);
        provider.ClaimActions.MapJsonKey(settings.NameClaim, settings.NameClaim);
        provider.Events.OnTicketReceived = context =>
        {
            context.Principal = Principals.Of(context.Principal!, settings);
            var services = context.HttpContext.RequestServices;
            services.GetRequiredService<AuditTrail>().SignedIn(context.HttpContext, context.Principal);
            // The session's length is this console's to say, not that of the provider's token.
            context.Properties!.ExpiresUtc = services.GetRequiredService<TimeProvider>().GetUtcNow() + options.SessionLifetime;
            return Task.CompletedTask;
        };
        provider.Events.OnRemoteFailure = static context =>
        {
            context.Response.Redirect(SignInRoutes.ProviderFailed(
                context.HttpContext, context.Failure, "The provider refused, or its answer was not valid.", context.HttpContext.RequestServices.GetRequiredService<AuditTrail>()));
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }
}
