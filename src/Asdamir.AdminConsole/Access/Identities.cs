using System.Security.Claims;
using Asdamir.AdminConsole.Features.SignIn;

namespace Asdamir.AdminConsole.Access;

/// <summary>What the console keeps of a person who signed in.</summary>
internal static class Identities
{
    /// <summary>The authentication type of local accounts.</summary>
    public const string Local = "local";

    /// <summary>The authentication type of people from the OpenID Connect provider.</summary>
    public const string Provider = "oidc";

    /// <summary>Changes with the password of a local account.</summary>
    public const string StampClaim = "stamp";

    // Not "sub": the antiforgery token would then belong to the person and no longer to the session.
    private const string SubjectClaim = "subject";

    private const string ProviderSessionClaim = "provider-session";

    public static ClaimsPrincipal Of(LocalAccount account) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, account.Name), new Claim(StampClaim, account.Stamp),
            .. account.Grants.Select(static grant => new Claim(Roles.GrantClaim, grant)),
        ],
        Local));

    /// <summary>A person of the provider: names may change and be given anew, the subject at its issuer does not.</summary>
    public static ClaimsPrincipal Of(ClaimsPrincipal stranger, OpenIdConnectOptions settings)
    {
        var subject = stranger.FindFirst("sub") ?? throw new InvalidOperationException("The provider's answer has no 'sub'.");
        var name = stranger.FindFirst(settings.NameClaim)?.Value ?? subject.Value;
        var session = stranger.FindFirst("sid");
        return new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, name),
                .. session is null ? Array.Empty<Claim>() : [new Claim(ProviderSessionClaim, $"{subject.Issuer} {session.Value}")],
                new Claim(SubjectClaim, $"{subject.Issuer} {subject.Value}"),
                .. stranger.FindAll(settings.GroupsClaim).Select(static group => group.Value).Distinct().Select(static group => new Claim(Roles.GroupClaim, group)),
            ],
            Provider));
    }

    /// <summary>Issuer and subject at the provider; <see langword="null"/> for a local account, whose name identifies it.</summary>
    public static string? SubjectOf(ClaimsPrincipal? user) => user?.FindFirst(SubjectClaim)?.Value;

    /// <summary>Issuer and id of the session at the provider, where it gives one.</summary>
    public static string? ProviderSessionOf(ClaimsPrincipal? user) => user?.FindFirst(ProviderSessionClaim)?.Value;

    /// <summary>What limits of a person are counted by.</summary>
    public static string KeyOf(ClaimsPrincipal user) => SubjectOf(user) ?? user.Identity?.Name?.ToUpperInvariant() ?? "";
}
