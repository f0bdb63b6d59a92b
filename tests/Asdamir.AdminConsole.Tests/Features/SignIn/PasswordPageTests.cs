using System.Net;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>Whoever has a local account changes the password.</summary>
public sealed class PasswordPageTests : OneCompany
{
    private const string New = "correct horse battery";

    [Fact]
    public async Task NewPassword_EndsAllOtherSessions_AndNotThisOne()
    {
        var old = Site.Accounts.Add("ada", ["viewer:acme"])!;
        var here = await Site.SignInAsync("ada", old);
        var there = await Site.SignInAsync("ada", old);

        var answer = await here.SubmitAsync("/account", ("old", old), ("new", New), ("again", New));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("Your password is changed", answer.Text, StringComparison.Ordinal);
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.Redirect), ((await here.GetAsync("/acme")).Status, (await there.GetAsync("/acme")).Status));
        Assert.Equal(HttpStatusCode.Unauthorized, (await ConsoleHost.TrySignInAsync(Site.NewVisitor(), "ada", old)).Status);
        await Site.SignInAsync("ada", New);
        Assert.Contains(Site.Audit("acme"), static entry => entry is { Action: "PasswordChanged", Actor: "ada" });
    }

    [Theory]
    [InlineData("short", "short", "needs 12 to 200 characters")]
    [InlineData(New, "something else", "differ")]
    public async Task NewPasswordThatIsShortOrMistyped_IsRefused(string wanted, string again, string why)
    {
        var old = Site.Accounts.Add("ada", ["viewer:acme"])!;

        var answer = await (await Site.SignInAsync("ada", old)).SubmitAsync("/account", ("old", old), ("new", wanted), ("again", again));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(why, answer.Text, StringComparison.Ordinal);
        Assert.Equal("ada", Site.Accounts.SignIn("ada", old).Account?.Name);
    }

    [Fact]
    public async Task GuessingTheOldPassword_IsInTheAuditAndLocksTheAccount()
    {
        var old = Site.Accounts.Add("ada", ["viewer:acme"])!;
        var ada = await Site.SignInAsync("ada", old);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(
                HttpStatusCode.BadRequest, (await ada.SubmitAsync("/account", ("old", "guessed"), ("new", New), ("again", New))).Status);
        }

        Assert.Equal(
            5,
            Site.Audit("acme")
                .Count(static entry =>
                    entry is { Action: "SignInFailed", Actor: "ada", Company: "acme", Reason: "Wrong old password, or locked." }));
        Assert.Equal((null, true), Site.Accounts.SignIn("ada", old, "127.0.0.1"));
    }
}
