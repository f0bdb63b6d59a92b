using System.Security.Claims;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using ProviderOptions = Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Sign-in with an OpenID Connect provider. Its groups decide the roles.</summary>
internal sealed partial class OpenIdConnectSignIn(
    SignInOptions options, AuditTrail audit, TimeProvider time, ILogger<OpenIdConnectSignIn> log) : ISignInMode
{
    private const string Key = "SignIn:OpenIdConnect";

    private readonly OpenIdConnectOptions _settings = options.OpenIdConnect;

    public string AuthenticationType => "oidc";

    public Type Fields => typeof(OpenIdConnectSignInFields);

    public string FormTarget => _settings.Authority;

    public static bool IsConfigured(SignInOptions options) => options.OpenIdConnect.Authority.Length > 0;

    public static IEnumerable<string> FaultsOf(SignInOptions options, IReadOnlyList<CompanyOptions> companies)
    {
        var settings = options.OpenIdConnect;
        if (!Uri.TryCreate(settings.Authority, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
        {
            yield return $"{Key}:Authority = {ShownSetting.Of(settings.Authority)} is no address. "
                + "Fix: write for example https://login.example.com/realms/ops.";
        }
        else if (address.Scheme == "http" && settings.RequireHttps)
        {
            yield return $"{Key}:Authority = {ShownSetting.Of(settings.Authority)} is not HTTPS. "
                + $"Fix: use https, or set {Key}:RequireHttps to false for a test.";
        }
        if (settings.ClientId.Length == 0)
            yield return $"{Key}:ClientId is empty. Fix: write the name under which the provider knows this console.";
        if (settings.ClientSecretFile.Length > 0
            && SecretFile.FaultOf($"{Key}:ClientSecretFile", settings.ClientSecretFile) is { } unreadable)
        {
            yield return unreadable;
        }
        if (companies.All(static company => string.IsNullOrWhiteSpace(company.Viewers + company.Operators)))
        {
            yield return $"{Key} is used, and no company names a group, so that no user could see anything. "
                + "Fix: set Companies:0:Operators (and Viewers) to groups of the provider.";
        }
    }

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<BackChannelLogout>().AddSingleton<OpenIdConnectSignIn>();
        services.AddSingleton<ISignInMode>(static services => services.GetRequiredService<OpenIdConnectSignIn>());
        services.AddAuthentication().AddOpenIdConnect();
        services.AddOptions<ProviderOptions>(OpenIdConnectDefaults.AuthenticationScheme)
            .Configure<OpenIdConnectSignIn>(static (provider, mode) => mode.Configure(provider));
    }

    public async Task<IResult> SignInAsync(HttpContext http, IFormCollection form, string returnUrl)
    {
        try
        {
            await http.ChallengeAsync(
                OpenIdConnectDefaults.AuthenticationScheme, new AuthenticationProperties { RedirectUri = returnUrl }).ConfigureAwait(false);
            return Results.Empty;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Results.LocalRedirect(Failed(http, exception, "The provider does not answer."));
        }
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(BackChannelLogout.Path, static (HttpContext http, BackChannelLogout logout) => logout.HandleAsync(http))
            .AllowAnonymous();
        routes.MapGet(PageMap.Account, () => Message.Result(
            StatusCodes.Status200OK, SignInTexts.Account, SignInTexts.FormatKeptElsewhere(new Uri(_settings.Authority).Host)));
    }

    private void Configure(ProviderOptions provider)
    {
        provider.Authority = _settings.Authority;
        provider.ClientId = _settings.ClientId;
        provider.ClientSecret = _settings.ClientSecretFile.Length > 0
            ? SecretFile.Read(_settings.ClientSecretFile)
            : _settings.ClientSecret;
        provider.RequireHttpsMetadata = _settings.RequireHttps;
        provider.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes as a link and not as a form of another site, so that the cookies in between can be SameSite=Lax.
        provider.ResponseMode = OpenIdConnectResponseMode.Query;
        provider.CorrelationCookie.SameSite = SameSiteMode.Lax;
        provider.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        provider.NonceCookie.SameSite = SameSiteMode.Lax;
        provider.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        // Any site could end a session with a link to this path; only the form signs out.
        provider.RemoteSignOutPath = PathString.Empty;
        provider.MapInboundClaims = false;
        provider.GetClaimsFromUserInfoEndpoint = true;
        provider.Scope.Clear();
        foreach (var scope in _settings.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            provider.Scope.Add(scope);
        // The userinfo document is mapped claim by claim; an array becomes one claim for each of its entries.
        provider.ClaimActions.MapJsonKey(_settings.GroupsClaim, _settings.GroupsClaim);
        provider.ClaimActions.MapJsonKey(_settings.NameClaim, _settings.NameClaim);
        provider.Events.OnTicketReceived = ReceiveAsync;
        provider.Events.OnRemoteFailure = context =>
        {
            context.Response.Redirect(Failed(context.HttpContext, context.Failure, "The provider refused, or its answer was not valid."));
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private Task ReceiveAsync(TicketReceivedContext context)
    {
        context.Principal = UserOf(context.Principal!);
        audit.SignedIn(context.HttpContext, context.Principal);
        // The console decides how long a session lasts, not the provider's token.
        context.Properties!.ExpiresUtc = time.GetUtcNow() + options.SessionLifetime;
        return Task.CompletedTask;
    }

    // Names may change and be reused; the subject at its issuer does not.
    private ClaimsPrincipal UserOf(ClaimsPrincipal answer)
    {
        var subject = answer.FindFirst("sub") ?? throw new InvalidOperationException("The provider's answer has no 'sub'.");
        var name = answer.FindFirst(_settings.NameClaim)?.Value ?? subject.Value;
        var identity = new ClaimsIdentity(AuthenticationType);
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaim(new Claim(Identities.SubjectClaim, $"{subject.Issuer} {subject.Value}"));
        if (answer.FindFirst("sid") is { } session)
            identity.AddClaim(new Claim(Identities.ProviderSessionClaim, $"{subject.Issuer} {session.Value}"));
        identity.AddClaims(
            answer.FindAll(_settings.GroupsClaim).Select(static group => group.Value).Distinct()
                .Select(static group => new Claim(Roles.GroupClaim, group)));
        return new ClaimsPrincipal(identity);
    }

    /// <returns>The address that shows the failure.</returns>
    private string Failed(HttpContext http, Exception? exception, string why)
    {
        Log.ProviderFailed(log, exception, why);
        audit.SignInFailed(http, null, why);
        return PageMap.SignIn + "?failed=provider";
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "A sign-in with the OpenID Connect provider failed: {Why}")]
        public static partial void ProviderFailed(ILogger logger, Exception? exception, string why);
    }
}
