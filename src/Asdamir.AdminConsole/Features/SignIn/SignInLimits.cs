using Asdamir.AdminConsole.Database;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>
/// Limits wrong passwords for an account. A source, an address or an IPv6 network, that gives several in a row is locked out alone,
/// so that a stranger does not lock out the user. Many from everywhere slow down sources without a recent sign-in to the account;
/// others are not affected.
/// </summary>
internal sealed class SignInLimits(ConsoleDatabase database, SignInOptions options)
{
    /// <summary>So many times the attempts of a source, from all sources, slow down the unknown ones.</summary>
    public const int AttemptsOfAllSources = 10;

    private const string Everywhere = "*";

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);
    private static readonly TimeSpan Trust = TimeSpan.FromDays(90);

    // Locked itself or, unless it is known, all unknown sources are slowed down.
    private const string IsLockedSql = """
        EXISTS (SELECT 1 FROM sign_in own WHERE own.account = @name AND own.source = @source AND own.locked_until > @now)
        OR (NOT EXISTS (SELECT 1 FROM sign_in own WHERE own.account = @name AND own.source = @source AND own.succeeded_at > @trusted)
            AND EXISTS (SELECT 1 FROM sign_in every WHERE every.account = @name AND every.source = '*' AND every.locked_until > @now))
        """;

    public bool IsLocked(string name, string source, DateTimeOffset now) =>
        database.Query($"SELECT 1 WHERE {IsLockedSql}", static _ => 1, Parameters(name, source, now)).Count > 0;

    /// <summary>Writes down a right password, unless others have locked the source while it was checked.</summary>
    /// <param name="stamp">The account's stamp when the password was checked.</param>
    public bool TrySucceed(string name, string stamp, string source, DateTimeOffset now) =>
        database.Execute(
            $"""
            INSERT INTO sign_in (account, source, failed, locked_until, failed_at, succeeded_at)
            SELECT name, @source, 0, 0, 0, @now FROM account WHERE name = @name AND stamp = @stamp AND NOT ({IsLockedSql})
            ON CONFLICT (account, source) DO UPDATE SET failed = 0, succeeded_at = excluded.succeeded_at
            """,
            [.. Parameters(name, source, now), ("@stamp", stamp)]) == 1;

    // Each in one statement: attempts made at once are all counted.
    public void Fail(string name, string source, DateTimeOffset now)
    {
        database.Execute(
            "DELETE FROM sign_in WHERE failed_at < @old AND succeeded_at < @trusted AND locked_until < @now",
            ("@old", Millis(now - Memory)), ("@trusted", Millis(now - Trust)), ("@now", Millis(now)));
        database.Execute(
            """
            INSERT INTO sign_in (account, source, failed, locked_until, failed_at, succeeded_at)
            SELECT name, @source, CASE WHEN @max = 1 THEN 0 ELSE 1 END, CASE WHEN @max = 1 THEN @until ELSE 0 END, @now, 0
            FROM account WHERE name = @name
            ON CONFLICT (account, source) DO UPDATE SET
                locked_until = CASE WHEN failed + 1 >= @max THEN @until ELSE locked_until END,
                failed = CASE WHEN failed + 1 >= @max THEN 0 ELSE failed + 1 END,
                failed_at = @now
            """,
            ("@name", name), ("@source", source), ("@max", options.MaxAttempts), ("@until", Millis(now + options.LockOut)),
            ("@now", Millis(now)));
        // Forgotten when all is quiet for a while; otherwise each further one doubles the pause.
        database.Execute(
            """
            INSERT INTO sign_in (account, source, failed, locked_until, failed_at, succeeded_at)
            SELECT name, @source, 1, 0, @now, 0 FROM account WHERE name = @name
            ON CONFLICT (account, source) DO UPDATE SET
                failed = CASE WHEN failed_at < @quiet THEN 1 ELSE failed + 1 END,
                locked_until = CASE WHEN failed_at >= @quiet AND failed + 1 >= @max
                    THEN @now + min(1000 << min(failed + 1 - @max, 20), @longest) ELSE 0 END,
                failed_at = @now
            """,
            ("@name", name), ("@source", Everywhere), ("@max", options.MaxAttempts * AttemptsOfAllSources), ("@now", Millis(now)),
            ("@quiet", Millis(now - options.LockOut)), ("@longest", (long)LongestPause.TotalMilliseconds));
    }

    /// <summary>Unlocks an account everywhere; it is remembered where its user signs in from.</summary>
    public void Unlock(string name)
    {
        database.Execute("DELETE FROM sign_in WHERE account = @name AND succeeded_at = 0", ("@name", name));
        database.Execute("UPDATE sign_in SET failed = 0, locked_until = 0 WHERE account = @name", ("@name", name));
    }

    public void Forget(string name) => database.Execute("DELETE FROM sign_in WHERE account = @name", ("@name", name));

    private static (string Name, object? Value)[] Parameters(string name, string source, DateTimeOffset now) =>
        [("@name", name), ("@source", source), ("@now", Millis(now)), ("@trusted", Millis(now - Trust))];

    private static long Millis(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
