using System.Net;
using Asdamir.AdminConsole.Features.SignIn;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>Passwords of the console's own accounts.</summary>
public sealed class LocalAccountTests : OneCompany
{
    private static readonly TimeSpan LockOut = new SignInOptions().LockOut;

    protected override bool IsTimeFake => true;

    [Theory]
    [InlineData("ada", "wrong")]
    [InlineData("ada", "")]
    [InlineData("nobody", "wrong")]
    [InlineData("", "wrong")]
    [InlineData("ada'--", "wrong")]
    [InlineData("*", "wrong")]
    public async Task WrongNameAndWrongPassword_GetTheSameAnswer(string name, string password)
    {
        Site.Accounts.Add("ada", ["operator:acme"]);

        var answer = await ConsoleHost.TrySignInAsync(Site.NewVisitor(), name, password);

        Assert.Equal((HttpStatusCode.Unauthorized, null), (answer.Status, answer.Headers.GetValueOrDefault("Set-Cookie")));
        Assert.Equal(
            "Sign in Name or password is wrong, or the account is locked for a while after too many attempts. Name Password Sign in",
            answer.Text);
        Assert.Equal(name.Trim(), answer.Field("name"));
    }

    [Fact]
    public async Task RightPassword_DoesNotHelp_UntilTheLockoutAfterFiveWrongOnesIsOver()
    {
        var password = Site.Accounts.Add("ada", ["operator:acme"])!;
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await ConsoleHost.TrySignInAsync(Site.NewVisitor(), "ada", "wrong")).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await ConsoleHost.TrySignInAsync(Site.NewVisitor(), "ada", password)).Status);
        Time.Advance(LockOut - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await ConsoleHost.TrySignInAsync(Site.NewVisitor(), "ADA", password)).Status);
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Redirect, (await ConsoleHost.TrySignInAsync(Site.NewVisitor(), "ada", password)).Status);

        // Repeats of a window of ten minutes are counted.
        Assert.Equal(
            [
                "ADA Wrong password, or locked.", "ada Wrong password, or locked. (1 more", "ada Wrong name or password. (3 more",
                "ada Wrong password, or locked.", "ada Wrong name or password."
            ],
            Site.Audit("acme").Where(static entry => entry is { Action: "SignInFailed", Company: "acme" })
                .Select(static entry => $"{entry.Actor} {entry.Reason!.Split(" from ")[0]}"));
    }

    [Fact]
    public void WrongPasswords_AreCountedInARow()
    {
        var password = Site.Accounts.Add("ada", [])!;
        for (var i = 0; i < 3; i++)
        {
            for (var wrong = 0; wrong < 4; wrong++)
                Assert.Equal((null, false), Site.Accounts.SignIn("ada", "wrong"));
            Assert.Equal("ada", Site.Accounts.SignIn("ada", password).Account?.Name);
        }
    }

    [Fact]
    public void AttemptsMadeAtOnce_AreAllCounted()
    {
        var password = Site.Accounts.Add("ada", [])!;

        Parallel.For(0, 5, new ParallelOptions { MaxDegreeOfParallelism = 5 }, _ => Site.Accounts.SignIn("ada", "wrong"));

        Assert.Equal((null, true), Site.Accounts.SignIn("ada", password));
    }

    [Fact]
    public void RightPasswordAmongManyTriedAtOnce_DoesNotHelp_WhenTheyHaveLockedTheAccount()
    {
        var password = Site.Accounts.Add("ada", [])!;
        var clock = new InterruptedClock(2, () =>
        {
            for (var i = 0; i < 5; i++)
                Site.Accounts.SignIn("ada", "wrong");
        });
        var accounts = new LocalAccounts(Site.Database, new SignInOptions(), clock);

        Assert.Equal((null, true), accounts.SignIn("ada", password));
        Assert.True(clock.WasInterrupted);
    }

    [Fact]
    public void NewPassword_Unlocks()
    {
        Site.Accounts.Add("ada", []);
        for (var i = 0; i < 5; i++)
            Site.Accounts.SignIn("ada", "wrong");

        Assert.Equal("ada", Site.Accounts.SignIn("ada", Site.Accounts.ResetPassword("ada")!).Account?.Name);
    }

    [Fact]
    public void Passwords_AreKeptAsHashesOnly()
    {
        var password = Site.Accounts.Add("ada", [])!;

        var stored = Site.Database.Query("SELECT password_hash FROM account", static row => row.GetString(0));

        Assert.DoesNotContain(password, Assert.Single(stored), StringComparison.Ordinal);
        Assert.Equal(20, password.Length);
    }

    [Fact]
    public async Task ManyAttemptsFromOneAddress_HaveToWait()
    {
        var visitor = Site.NewVisitor();
        var token = await visitor.TokenAsync("/login");
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (await visitor.PostAsync("/login", (Visitor.TokenField, token), ("name", "nobody"), ("password", ""))).Status);
        }

        var answer = await visitor.PostAsync(
            "/login", (Visitor.TokenField, token), ("name", "ada"), ("password", Site.Accounts.Add("ada", [])!));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Contains("Too many attempts from your address.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailedSignIn_ConcernsNoCompany_WhenTheNameIsUnknown()
    {
        await ConsoleHost.TrySignInAsync(Site.NewVisitor(), "nobody", "wrong");

        var line = Assert.Single(Site.Audit("acme"));
        Assert.Equal(
            ("Event", "SignInFailed", "nobody", null, "Wrong name or password."),
            (line.Phase, line.Action, line.Actor, line.Company, line.Reason));
    }

    /// <summary>A clock during whose n-th look something happens.</summary>
    private sealed class InterruptedClock(int look, Action interruption) : TimeProvider
    {
        private int _looks;

        public bool WasInterrupted { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            if (++_looks == look)
            {
                WasInterrupted = true;
                interruption();
            }
            return base.GetUtcNow();
        }
    }
}
