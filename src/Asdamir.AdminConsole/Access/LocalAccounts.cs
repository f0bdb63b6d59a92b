using System.Security.Cryptography;
using Asdamir.AdminConsole.Database;
using Microsoft.AspNetCore.Identity;

namespace Asdamir.AdminConsole.Access;

/// <summary>Accounts kept by the console, for where there is no OpenID Connect provider.</summary>
internal sealed class LocalAccounts(ConsoleDatabase database, SignInOptions options, TimeProvider time)
{
    public const string StarterName = "operator";
    public const int MinPasswordLength = 12;

    private readonly PasswordHasher<string> _hasher = new();

    // Checked when there is no such account, so that both take as long.
    private readonly Lazy<string> _nobody = new(static () => new PasswordHasher<string>().HashPassword("", Guid.NewGuid().ToString()));

    public IReadOnlyList<LocalAccount> All() => database.Query("SELECT name, grants, stamp FROM account ORDER BY name", Read);

    public LocalAccount? Find(string name) => database.Query("SELECT name, grants, stamp FROM account WHERE name = @name", Read, ("@name", name)).FirstOrDefault();

    /// <returns>The new account's password, or <see langword="null"/> when the name is taken.</returns>
    public string? Add(string name, IEnumerable<string> grants)
    {
        var password = NewPassword();
        return database.Execute(
            "INSERT INTO account (name, password_hash, grants, stamp) VALUES (@name, @hash, @grants, @stamp) ON CONFLICT DO NOTHING",
            ("@name", name), ("@hash", _hasher.HashPassword(name, password)), ("@grants", string.Join(' ', grants)), ("@stamp", NewStamp())) == 1 ? password : null;
    }

    /// <summary>Gives an account a new password, unlocks it and ends its sessions.</summary>
    /// <returns>The password, or <see langword="null"/> when there is no such account.</returns>
    public string? ResetPassword(string name)
    {
        var password = NewPassword();
        return SetPassword(name, password) ? password : null;
    }

    public bool SetPassword(string name, string password) =>
        database.Execute(
            "UPDATE account SET password_hash = @hash, stamp = @stamp, failed_attempts = 0, locked_until = 0 WHERE name = @name",
            ("@name", name), ("@hash", _hasher.HashPassword(name, password)), ("@stamp", NewStamp())) == 1;

    public bool Remove(string name) => database.Execute("DELETE FROM account WHERE name = @name", ("@name", name)) == 1;

    /// <summary>Checks a password. Wrong ones lock the account for a while, and while it is locked the right one does not help.</summary>
    public (LocalAccount? Account, bool IsLocked) SignIn(string name, string password)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var stored = database.Query(
            "SELECT name, grants, stamp, password_hash, locked_until FROM account WHERE name = @name",
            static row => (Account: Read(row), Hash: row.GetString(3), LockedUntil: row.GetInt64(4)), ("@name", name)).FirstOrDefault();
        var isRight = _hasher.VerifyHashedPassword(name, stored.Hash ?? _nobody.Value, password) != PasswordVerificationResult.Failed;
        if (stored.Account is null)
            return (null, false);
        if (stored.LockedUntil > now)
            return (null, true);
        if (isRight)
        {
            // Asked again: others may have tried, and locked it, while this password was checked.
            var isOpen = database.Execute(
                "UPDATE account SET failed_attempts = 0 WHERE name = @name AND stamp = @stamp AND locked_until <= @now",
                ("@name", name), ("@stamp", stored.Account.Stamp), ("@now", time.GetUtcNow().ToUnixTimeMilliseconds())) == 1;
            return (isOpen ? stored.Account : null, !isOpen);
        }
        // One statement: attempts made at once are all counted.
        database.Execute(
            """
            UPDATE account SET
                locked_until = CASE WHEN failed_attempts + 1 >= @max THEN @until ELSE locked_until END,
                failed_attempts = CASE WHEN failed_attempts + 1 >= @max THEN 0 ELSE failed_attempts + 1 END
            WHERE name = @name
            """,
            ("@name", name), ("@max", options.MaxAttempts), ("@until", now + (long)options.LockOut.TotalMilliseconds));
        return (null, database.Query("SELECT 1 FROM account WHERE name = @name AND locked_until > @now", static _ => 1, ("@name", name), ("@now", now)).Count > 0);
    }

    private static LocalAccount Read(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetString(2));

    // Without letters and digits that look alike; about 113 bits.
    private static string NewPassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);

    private static string NewStamp() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
