using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Kit.Identity;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>The smallest web app that signs in with the test provider.</summary>
internal sealed class SignedInApp(WebApplication app) : IAsyncDisposable
{
    public Uri Url => new(app.Urls.First());

    public static async Task<SignedInApp> StartAsync(TestIdentityProvider provider, Action<OpenIdConnectOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(LocalPort.AnyUrl);
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(static options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie()
            .AddOpenIdConnect(options =>
            {
                options.Authority = provider.Authority;
                options.ClientId = TestIdentityProvider.ClientId;
                options.ClientSecret = TestIdentityProvider.ClientSecret;
                options.RequireHttpsMetadata = false;
                options.ResponseType = "code";
                options.ResponseMode = "query";
                // With plain HTTP the cookies that span the sign-in cannot be Secure, so not SameSite=None either.
                (options.CorrelationCookie.SameSite,
                    options.CorrelationCookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
                options.NonceCookie.SameSite = SameSiteMode.Lax;
                options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.MapInboundClaims = false;
                options.GetClaimsFromUserInfoEndpoint = true;
                options.TokenValidationParameters.NameClaimType = "name";
                options.Events.OnRemoteFailure = static context =>
                {
                    context.HandleResponse();
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    return context.Response.WriteAsync(context.Failure!.Message);
                };
                configure?.Invoke(options);
            });

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/me", static (ClaimsPrincipal user) =>
            new Me(user.Identity!.Name!, user.FindFirstValue("email")!, [.. user.FindAll("groups").Select(static claim => claim.Value)]))
            .RequireAuthorization();
        app.MapGet("/sign-out", static () =>
            Results.SignOut(
                new AuthenticationProperties { RedirectUri = "/bye" },
                [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]));
        app.MapGet("/bye", static () => "bye");
        await app.StartAsync();
        return new SignedInApp(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    internal sealed record Me(string Name, string Email, string[] Groups);
}
