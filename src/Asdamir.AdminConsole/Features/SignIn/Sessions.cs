using System.Security.Claims;
using System.Security.Cryptography;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Database;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>
/// The sessions as the console itself keeps them. A cookie only names one: after the sign-out a copy of it is worth nothing,
/// also after a restart.
/// </summary>
internal sealed class Sessions(ConsoleDatabase database, ISignInMode mode, TimeProvider time) : ICurrentRoles
{
    private const string IdClaim = "session";
    private const string OriginClaim = "session-origin";

    public static string? IdOf(ClaimsPrincipal? user) => user?.FindFirst(IdClaim)?.Value;

    /// <summary>Begins a session, writes its id into the principal, and ends the session it replaces.</summary>
    /// <param name="before">The user of the session before in the same browser; <see langword="null"/> for none.</param>
    public void Begin(ClaimsPrincipal user, DateTimeOffset end, ClaimsPrincipal? before)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var origin = before is not null && Renews(user, before) ? OriginOf(before) ?? id : id;
        database.Execute("DELETE FROM session WHERE ends_at <= @now", ("@now", Now));
        database.Execute(
            """
            INSERT INTO session (id, origin, actor, subject, provider_session, ends_at)
            VALUES (@id, @origin, @actor, @subject, @providerSession, @end)
            """,
            ("@id", id), ("@origin", origin), ("@actor", user.Identity?.Name), ("@subject", Identities.SubjectOf(user)),
            ("@providerSession", Identities.ProviderSessionOf(user)), ("@end", end.ToUnixTimeMilliseconds()));
        ((ClaimsIdentity)user.Identity!).AddClaims([new Claim(IdClaim, id), new Claim(OriginClaim, origin)]);
        // Last, so that what the session before began is never without a session.
        End(before);
    }

    public void End(ClaimsPrincipal? user)
    {
        if (IdOf(user) is { } id)
            database.Execute("DELETE FROM session WHERE id = @id", ("@id", id));
    }

    /// <summary>Ends the sessions that began with a session of the provider, or all of a person.</summary>
    /// <returns>Whose they were: the name and the subject of each.</returns>
    public IReadOnlyList<(string? Actor, string? Subject)> EndOfProvider(string? providerSession, string? subject) => database.Query(
        "DELETE FROM session WHERE provider_session = @providerSession OR subject = @subject RETURNING actor, subject",
        static row => (row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)),
        ("@providerSession", providerSession), ("@subject", subject));

    /// <summary>Checks a session against what is stored now.</summary>
    /// <returns>The user with the grants of this moment, or <see langword="null"/> when the session has ended.</returns>
    public ClaimsPrincipal? Current(ClaimsPrincipal? user)
    {
        // Sessions of another mode ended when the configuration changed.
        if (IdOf(user) is not { } id
            || user!.Identity!.AuthenticationType != mode.AuthenticationType
            || database.Query("SELECT 1 FROM session WHERE id = @id AND ends_at > @now", static _ => 1, ("@id", id), ("@now", Now))
                .Count == 0)
        {
            return null;
        }
        if (mode.Refresh(user) is not { } current || Identities.StampOf(current) != Identities.StampOf(user))
            return null;
        if (IdOf(current) is null)
            ((ClaimsIdentity)current.Identity!).AddClaims(user.FindAll(static claim => claim.Type is IdClaim or OriginClaim));
        return current;
    }

    public Role RoleOf(ClaimsPrincipal user, Company company) => Current(user) is { } current ? Roles.Of(current, company) : Role.None;

    public Role RoleAfterRenewal(ClaimsPrincipal user, Company company) =>
        database.Query(
            "SELECT 1 FROM session WHERE origin = @origin AND ends_at > @now", static _ => 1, ("@origin", OriginOf(user)), ("@now", Now))
            .Count > 0
        && mode.Refresh(user) is { } current
            ? Roles.Of(current, company)
            : Role.None;

    // Groups of a provider are known only from its last answer: where one is missing now, the former session's roles are not kept.
    private static bool Renews(ClaimsPrincipal user, ClaimsPrincipal before) =>
        user.Identity?.AuthenticationType == before.Identity?.AuthenticationType
        && Identities.KeyOf(user) == Identities.KeyOf(before)
        && before.FindAll(Roles.GroupClaim).All(group => user.HasClaim(Roles.GroupClaim, group.Value));

    // A cookie from before the origins names its session alone.
    private static string? OriginOf(ClaimsPrincipal user) => user.FindFirst(OriginClaim)?.Value ?? IdOf(user);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
