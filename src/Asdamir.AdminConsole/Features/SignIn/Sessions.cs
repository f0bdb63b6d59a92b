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

    public static string? IdOf(ClaimsPrincipal? user) => user?.FindFirst(IdClaim)?.Value;

    /// <summary>Begins a session and writes its id into the principal.</summary>
    public void Begin(ClaimsPrincipal user, DateTimeOffset end)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        database.Execute("DELETE FROM session WHERE ends_at <= @now", ("@now", Now));
        database.Execute(
            "INSERT INTO session (id, actor, subject, provider_session, ends_at) VALUES (@id, @actor, @subject, @providerSession, @end)",
            ("@id", id), ("@actor", user.Identity?.Name), ("@subject", Identities.SubjectOf(user)), ("@providerSession", Identities.ProviderSessionOf(user)),
            ("@end", end.ToUnixTimeMilliseconds()));
        ((ClaimsIdentity)user.Identity!).AddClaim(new Claim(IdClaim, id));
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
            || database.Query("SELECT 1 FROM session WHERE id = @id AND ends_at > @now", static _ => 1, ("@id", id), ("@now", Now)).Count == 0)
        {
            return null;
        }
        if (mode.Refresh(user) is not { } current || Identities.StampOf(current) != Identities.StampOf(user))
            return null;
        if (IdOf(current) is null)
            ((ClaimsIdentity)current.Identity!).AddClaim(new Claim(IdClaim, id));
        return current;
    }

    public Role RoleOf(ClaimsPrincipal user, Company company) => Current(user) is { } current ? Roles.Of(current, company) : Role.None;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
