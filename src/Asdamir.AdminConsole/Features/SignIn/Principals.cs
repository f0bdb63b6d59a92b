using System.Security.Claims;
using Asdamir.AdminConsole.Access;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>What the console keeps of a person who signs in.</summary>
internal static class Principals
{
    public static ClaimsPrincipal Of(LocalAccount account) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, account.Name),
            new Claim(Identities.StampClaim, account.Stamp),
            .. account.Grants.Select(static grant => new Claim(Roles.GrantClaim, grant)),
        ],
        Identities.Local));

    /// <summary>A person of the provider: names may change and be given anew, the subject at its issuer does not.</summary>
    public static ClaimsPrincipal Of(ClaimsPrincipal stranger, OpenIdConnectOptions settings)
    {
        var subject = stranger.FindFirst("sub") ?? throw new InvalidOperationException("The provider's answer has no 'sub'.");
        var name = stranger.FindFirst(settings.NameClaim)?.Value ?? subject.Value;
        var session = stranger.FindFirst("sid");
        return new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, name),
                .. session is null ? Array.Empty<Claim>() : [new Claim(Identities.ProviderSessionClaim, $"{subject.Issuer} {session.Value}")],
                new Claim(Identities.SubjectClaim, $"{subject.Issuer} {subject.Value}"),
                .. stranger.FindAll(settings.GroupsClaim).Select(static group => group.Value).Distinct().Select(static group => new Claim(Roles.GroupClaim, group)),
            ],
            Identities.Provider));
    }
}
