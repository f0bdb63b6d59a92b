using Asdamir.AdminConsole.Database;
using Asdamir.AdminConsole.Features.SignIn;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>Wrong passwords lock out who gives them, and not the user of the account.</summary>
public sealed class SignInLimitTests : IDisposable
{
    private const string Home = "192.0.2.1";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly ConsoleDatabase _database;
    private readonly LocalAccounts _accounts;
    private readonly SignInOptions _options = new() { MaxAttempts = 2 };

    public SignInLimitTests()
    {
        _database = new ConsoleDatabase(_folder.Path);
        _accounts = new LocalAccounts(_database, _options, _time, new Passwords(1_000));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public void Stranger_LocksOutOnlyTheOwnSource()
    {
        var password = _accounts.Add("operator", [])!;
        Fail("203.0.113.9", 2);

        Assert.Equal((null, true), _accounts.SignIn("operator", password, "203.0.113.9"));
        Assert.NotNull(_accounts.SignIn("operator", password, Home).Account);
    }

    [Fact]
    public void ManySources_SlowDownUnknownOnes_AndNotWhereTheUserSignedInBefore()
    {
        var password = _accounts.Add("operator", [])!;
        Assert.NotNull(_accounts.SignIn("operator", password, Home).Account);
        FailEverywhere();

        Assert.Equal((null, true), _accounts.SignIn("operator", password, "198.51.100.1"));
        Assert.NotNull(_accounts.SignIn("operator", password, Home).Account);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_accounts.SignIn("operator", password, "198.51.100.1").Account);
    }

    [Fact]
    public void Attempts_AreAsRareAsThePause_WhileItLasts()
    {
        _accounts.Add("operator", []);
        FailEverywhere();

        for (var attempt = 0; attempt < 60; attempt++)
        {
            _accounts.SignIn("operator", "wrong", $"source {attempt}");
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        // Pauses of 1, 2, 4 … seconds, a minute at most, in ten minutes.
        Assert.InRange(FailuresOfEverywhere(), 25, 40);
    }

    [Fact]
    public void NewPassword_UnlocksEverywhere()
    {
        _accounts.Add("operator", []);
        FailEverywhere();
        Fail(Home, 2);

        var password = _accounts.ResetPassword("operator")!;

        Assert.NotNull(_accounts.SignIn("operator", password, Home).Account);
        Assert.NotNull(_accounts.SignIn("operator", password, "198.51.100.1").Account);
    }

    [Fact]
    public void Attempts_LeaveNothingBehind_WhenTheNameHasNoAccount()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal((null, false), _accounts.SignIn($"nobody {i}", "wrong", Home));

        Assert.Empty(_database.Query("SELECT account FROM sign_in", static row => row.GetString(0)));
    }

    [Fact]
    public void HashOfFewerRounds_IsReplacedAtTheSignIn_AndSessionsStay()
    {
        var accounts = new LocalAccounts(_database, _options, _time);
        accounts.Add("operator", []);
        var old = new Microsoft.AspNetCore.Identity.PasswordHasher<string>(
            Options.Create(new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 100_000 }))
            .HashPassword("operator", "correct horse battery");
        _database.Execute("UPDATE account SET password_hash = @hash", ("@hash", old));
        var stamp = accounts.Find("operator")!.Stamp;

        Assert.NotNull(accounts.SignIn("operator", "correct horse battery", Home).Account);

        Assert.Equal(210_000, Rounds());
        Assert.Equal(stamp, accounts.Find("operator")!.Stamp);
        Assert.NotNull(accounts.SignIn("operator", "correct horse battery", Home).Account);
    }

    [Fact]
    public void Password_IsHashedWithAsManyRoundsAsOWASPRecommends()
    {
        new LocalAccounts(_database, _options, _time).Add("operator", []);

        Assert.Equal(210_000, Rounds());
    }

    private int Rounds()
    {
        var hash = Convert.FromBase64String(
            Assert.Single(_database.Query("SELECT password_hash FROM account", static row => row.GetString(0))));
        // Version 1 of ASP.NET Core Identity: format, PRF (2 is HMAC-SHA512), rounds.
        Assert.Equal((1, 2), (hash[0], hash[4]));
        return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5));
    }

    private void Fail(string source, int times)
    {
        for (var i = 0; i < times; i++)
            _accounts.SignIn("operator", "wrong", source);
    }

    private void FailEverywhere()
    {
        for (var i = 0; i < SignInLimits.AttemptsOfAllSources * _options.MaxAttempts; i++)
            _accounts.SignIn("operator", "wrong", $"10.0.0.{i}");
    }

    private long FailuresOfEverywhere() =>
        Assert.Single(_database.Query("SELECT failed FROM sign_in WHERE source = '*'", static row => row.GetInt64(0)));
}
