using System.Text.Json;
using Asdamir.AdminConsole.Features.Audit;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>
/// OpenID Connect Back-Channel Logout 1.0: the provider itself says that a person has signed out there, or may no longer sign in.
/// The signed token is the proof; a link or a form of another site cannot make one.
/// </summary>
internal sealed partial class BackChannelLogout(
    IOptionsMonitor<Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions> options, Sessions sessions, AuditTrail audit,
    ILogger<BackChannelLogout> log) : IDisposable
{
    public const string Path = "/signout-oidc";

    /// <summary>A provider sends one request for each session that ends. Each costs a signature.</summary>
    public const int RequestsPerMinute = 300;

    // A token has a few hundred characters.
    private const int LongestRequest = 64 * 1024;
    private const string RetryAfterSeconds = "60";

    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    private readonly SourceLimiter _requests = new(RequestsPerMinute);

    public async Task<IResult> HandleAsync(HttpContext http)
    {
        if (!_requests.TryAcquire(http))
            return Later(http, StatusCodes.Status429TooManyRequests, "Too many requests.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = LongestRequest;
        if (!http.Request.HasFormContentType)
            return Refused("The request is no form.");
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        JsonWebToken? read;
        try
        {
            read = await ReadAsync(form["logout_token"].ToString(), http.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidOperationException exception)
        {
            // Without the provider's keys the token proves nothing, and any visitor could end any session.
            Log.KeysUnavailable(log, exception);
            return Later(
                http, StatusCodes.Status503ServiceUnavailable,
                "The keys of the provider cannot be read now, so the logout_token cannot be checked.");
        }
        if (read is not { } token)
            return Refused("The logout_token is not valid.");
        if (Text(token, "sid") is { } session)
            audit.SignedOutByProvider(http, sessions.EndOfProvider($"{token.Issuer} {session}", null));
        else
            audit.SignedOutByProvider(http, sessions.EndOfProvider(null, $"{token.Issuer} {token.Subject}"));
        return Results.Ok();
    }

    public void Dispose() => _requests.Dispose();

    private async Task<JsonWebToken?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var provider = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var configuration = await provider.ConfigurationManager!.GetConfigurationAsync(cancellationToken).ConfigureAwait(false);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = provider.ClientId,
            IssuerSigningKeys = configuration.SigningKeys,
        }).ConfigureAwait(false);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            provider.ConfigurationManager.RequestRefresh();
        // An ID token is signed by the same key; it has a nonce and no event.
        return result is { IsValid: true, SecurityToken: JsonWebToken token }
            && token.TryGetPayloadValue<JsonElement>("events", out var events) && events.ValueKind == JsonValueKind.Object
            && events.TryGetProperty(LogoutEvent, out _)
            && Text(token, "nonce") is null
            && (Text(token, "sid") ?? Text(token, "sub")) is not null
            ? token
            : null;
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var text) ? text : null;

    private static IResult Refused(string why) =>
        Results.Json(new { error = "invalid_request", error_description = why }, statusCode: StatusCodes.Status400BadRequest);

    private static IResult Later(HttpContext http, int status, string why)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Results.Json(new { error = "temporarily_unavailable", error_description = why }, statusCode: status);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 2202, Level = LogLevel.Warning,
            Message = "A sign-out of the OpenID Connect provider was not carried out, because its keys cannot be read. "
                + "The provider was asked to send it again")]
        public static partial void KeysUnavailable(ILogger logger, Exception exception);
    }
}
