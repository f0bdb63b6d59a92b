using System.Security.Claims;

namespace Asdamir.AdminConsole.Access;

/// <summary>The claims by which the console knows a user.</summary>
internal static class Identities
{
    /// <summary>Changes with the password: sessions with the former stamp end.</summary>
    public const string StampClaim = "stamp";

    /// <summary>
    /// Issuer and subject at a provider. Not "sub": the antiforgery token would then belong to the person and not to the session.
    /// </summary>
    public const string SubjectClaim = "subject";

    /// <summary>Issuer and id of the session at a provider.</summary>
    public const string ProviderSessionClaim = "provider-session";

    public static string? StampOf(ClaimsPrincipal user) => user.FindFirst(StampClaim)?.Value;

    /// <summary>Issuer and subject at the provider; <see langword="null"/> for a local account, whose name identifies it.</summary>
    public static string? SubjectOf(ClaimsPrincipal? user) => user?.FindFirst(SubjectClaim)?.Value;

    /// <summary>Issuer and id of the session at the provider, where it gives one.</summary>
    public static string? ProviderSessionOf(ClaimsPrincipal? user) => user?.FindFirst(ProviderSessionClaim)?.Value;

    /// <summary>What limits of a person are counted by.</summary>
    public static string KeyOf(ClaimsPrincipal user) => SubjectOf(user) ?? user.Identity?.Name?.ToUpperInvariant() ?? "";
}
