using System.Security.Cryptography;
using Asdamir.AdminConsole.Database;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Accounts kept by the console, for where there is no OpenID Connect provider.</summary>
internal sealed class LocalAccounts(ConsoleDatabase database, SignInOptions options, TimeProvider time, Passwords? passwords = null)
{
    public const string StarterName = "operator";
    public const int MinPasswordLength = 12;

    private readonly SignInLimits _limits = new(database, options);
    private readonly Passwords _passwords = passwords ?? new Passwords();

    public IReadOnlyList<LocalAccount> All() => database.Query("SELECT name, grants, stamp FROM account ORDER BY name", Read);

    public LocalAccount? Find(string name) =>
        database.Query("SELECT name, grants, stamp FROM account WHERE name = @name", Read, ("@name", name)).FirstOrDefault();

    /// <returns>The new account's password, or <see langword="null"/> when the name is taken.</returns>
    public string? Add(string name, IEnumerable<string> grants)
    {
        var password = NewPassword();
        return database.Execute(
            "INSERT INTO account (name, password_hash, grants, stamp) VALUES (@name, @hash, @grants, @stamp) ON CONFLICT DO NOTHING",
            ("@name", name), ("@hash", _passwords.Hash(name, password)), ("@grants", string.Join(' ', grants)),
            ("@stamp", NewStamp())) == 1 ? password : null;
    }

    /// <summary>Gives an account a new password, unlocks it and ends its sessions.</summary>
    /// <returns>The password, or <see langword="null"/> when there is no such account.</returns>
    public string? ResetPassword(string name)
    {
        var password = NewPassword();
        return SetPassword(name, password) ? password : null;
    }

    /// <summary>Sets a password, unlocks the account and ends its sessions.</summary>
    /// <param name="keptSession">The id of the session in which the user changes the password, and which stays valid.</param>
    public bool SetPassword(string name, string password, string? keptSession = null)
    {
        if (Find(name) is null)
            return false;
        _limits.Unlock(name);
        database.ExecuteTogether(
            """
            UPDATE account
            SET password_hash = @hash, stamp = @stamp
            WHERE name = @name;

            DELETE FROM session
            WHERE actor = @name COLLATE NOCASE AND subject IS NULL AND id IS NOT @keptSession;
            """,
            ("@name", name), ("@hash", _passwords.Hash(name, password)), ("@stamp", NewStamp()), ("@keptSession", keptSession));
        return true;
    }

    public bool Remove(string name)
    {
        if (Find(name) is null)
            return false;
        _limits.Forget(name);
        database.ExecuteTogether(
            """
            DELETE FROM account
            WHERE name = @name;

            DELETE FROM session
            WHERE actor = @name COLLATE NOCASE AND subject IS NULL;
            """,
            ("@name", name));
        return true;
    }

    /// <summary>
    /// Checks a password. Wrong ones lock their source out for a while, and while it is locked the right one does not help.
    /// </summary>
    /// <param name="source">Where the attempt comes from.</param>
    public (LocalAccount? Account, bool IsLocked) SignIn(string name, string password, string source = "")
    {
        var now = time.GetUtcNow();
        var stored = database.Query(
            "SELECT name, grants, stamp, password_hash FROM account WHERE name = @name",
            static row => (Account: Read(row), Hash: row.GetString(3)), ("@name", name)).FirstOrDefault();
        var wasLocked = _limits.IsLocked(name, source, now);
        var (isRight, isOld) = _passwords.Verify(stored.Account?.Name ?? name, stored.Hash, password);
        if (stored.Account is not { } account)
            return (null, false);
        if (wasLocked)
            return (null, true);
        if (!isRight)
        {
            _limits.Fail(account.Name, source, now);
            return (null, _limits.IsLocked(name, source, now));
        }
        // Asked again: others may have tried, and locked it, while this password was checked.
        if (!_limits.TrySucceed(account.Name, account.Stamp, source, time.GetUtcNow()))
            return (null, true);
        if (isOld)
        {
            database.Execute(
                "UPDATE account SET password_hash = @hash WHERE name = @name AND stamp = @stamp",
                ("@name", account.Name), ("@hash", _passwords.Hash(account.Name, password)), ("@stamp", account.Stamp));
        }
        return (account, false);
    }

    private static LocalAccount Read(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetString(2));

    // Without letters and digits that look alike; about 113 bits.
    private static string NewPassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);

    private static string NewStamp() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
