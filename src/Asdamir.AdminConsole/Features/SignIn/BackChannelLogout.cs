using System.Text.Json;
using Asdamir.AdminConsole.Features.Audit;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>
/// OpenID Connect Back-Channel Logout 1.0: the provider itself says that a person has signed out there, or may no longer sign in.
/// The signed token is the proof; a link or a form of another site cannot make one.
/// </summary>
internal sealed class BackChannelLogout(
    IOptionsMonitor<Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions> options, Sessions sessions, AuditTrail audit)
{
    public const string Path = "/signout-oidc";

    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    public async Task<IResult> HandleAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
            return Refused("The request is no form.");
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        if (await ReadAsync(form["logout_token"].ToString(), http.RequestAborted).ConfigureAwait(false) is not { } token)
            return Refused("The logout_token is not valid.");
        if (Text(token, "sid") is { } session)
            audit.SignedOutByProvider(http, sessions.EndOfProvider($"{token.Issuer} {session}", null));
        else
            audit.SignedOutByProvider(http, sessions.EndOfProvider(null, $"{token.Issuer} {token.Subject}"));
        return Results.Ok();
    }

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
}
