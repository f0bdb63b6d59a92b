using System.Net;
using System.Security.Claims;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Tests.Shell.Live;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>
/// A session that has ended is worth nothing any more: not to a copy of its cookie, not to its streams, not to its actions.
/// </summary>
public sealed class EndedSessionTests : OneCompany
{
    protected override bool IsTimeFake => true;

    /// <summary>Everything that ends a session, or the right to act.</summary>
    public static TheoryData<string> Ends => ["sign-out", "removal", "new password", "grants taken away", "expiry"];

    [Fact]
    public async Task CopyOfTheCookie_IsWorthNothing_AfterTheSignOutAndARestart()
    {
        var ada = await OperatorAsync();
        var copy = CookieOf(ada);
        Assert.Equal(HttpStatusCode.OK, (await WithAsync(Site.Url, copy, "/acme")).Status);

        await ada.SubmitAsync("/logout");

        Assert.Equal(HttpStatusCode.Redirect, (await WithAsync(Site.Url, copy, "/acme")).Status);
        await Site.StopAsync();
        await using var again = ConsoleHost.Build([Acme.Settings], Site.Folder, new LogCapture(), time: Time);
        await again.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, (await WithAsync(new Uri(again.Urls.First()), copy, "/acme")).Status);
    }

    [Fact]
    public async Task SignOut_EndsOneSession_AndNotTheOthersOfItsUser()
    {
        var password = Site.Accounts.Add("ada", ["operator:acme"])!;
        var here = await Site.SignInAsync("ada", password);
        var there = await Site.SignInAsync("ada", password);

        await here.SubmitAsync("/logout");

        Assert.Equal(
            (HttpStatusCode.Redirect, HttpStatusCode.OK), ((await here.GetAsync("/acme")).Status, (await there.GetAsync("/acme")).Status));
    }

    [Fact]
    public async Task NewPassword_EndsTheSessionItWasChangedInForACopyOfItsCookie()
    {
        var old = Site.Accounts.Add("ada", ["operator:acme"])!;
        var ada = await Site.SignInAsync("ada", old);
        var copy = CookieOf(ada);

        await ada.SubmitAsync("/account", ("old", old), ("new", "correct horse battery"), ("again", "correct horse battery"));

        Assert.Equal(HttpStatusCode.Redirect, (await WithAsync(Site.Url, copy, "/acme")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/acme")).Status);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Stream_SendsNothingMore(string end)
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();
        await using var events = await Events.OpenAsync(ada, $"/acme/live/jobs/{job}");
        Assert.Equal("view", (await events.NextAsync())!.Value.EventType);

        await EndAsync(ada, end);
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await events.NextAsync());
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Action_StopsBeforeItsNextJobAndSaysHowFarItCame_WhenTheSessionEnds(string end)
    {
        Acme.FailMany(300);
        // The console's clock stands still, and what fails after the page was read is not meant.
        Time.SetUtcNow(DateTimeOffset.UtcNow.AddMinutes(1));
        var ada = await OperatorAsync();
        var question = await ada.PostAsync(
            "/acme/jobs/act", (await ada.GetAsync("/acme/jobs?state=Failed&from=2020-01-01T00:00Z")).Form("form[data-act]", "delete-all"));
        Assert.Contains("Delete 300 jobs", question.Text, StringComparison.Ordinal);
        var (path, fields) = question.Asked("clean up");

        // While the database is locked the action has begun and cannot go any further.
        await using (var locked = new SqliteConnection(Acme.Settings["Storage:ConnectionString"]))
        {
            await locked.OpenAsync(TestContext.Current.CancellationToken);
            await using var hold = locked.BeginTransaction(deferred: false);
            await ada.PostAsync(path, fields);
            await Until.TrueAsync(() => Site.Audit("acme").Any(static line => line.Phase == "Intended"), "the action has begun");
            await EndAsync(ada, end);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await Until.TrueAsync(() => Site.Audit("acme").Any(static line => line.Phase == "Completed"), "the action has ended");
        var outcome = Site.Audit("acme").Single(static line => line.Phase == "Completed");
        Assert.InRange(outcome.Done!.Value, 0, 10);
        Assert.Contains("The action was stopped before this job", outcome.Remarks, StringComparison.Ordinal);
        Assert.Equal(300 - outcome.Done, Acme.Storage.GetMonitoringApi().FailedCount());
    }

    [Theory]
    [InlineData("signs in again")]
    [InlineData("changes the password")]
    public async Task Action_Continues_WhenItsUserStaysInTheBrowser(string what)
    {
        Acme.FailMany(300);
        Time.SetUtcNow(DateTimeOffset.UtcNow.AddMinutes(1));
        var old = Site.Accounts.Add("ada", ["operator:acme"])!;
        var ada = await Site.SignInAsync("ada", old);
        var question = await ada.PostAsync(
            "/acme/jobs/act", (await ada.GetAsync("/acme/jobs?state=Failed&from=2020-01-01T00:00Z")).Form("form[data-act]", "delete-all"));
        var (path, fields) = question.Asked("clean up");

        await using (var locked = new SqliteConnection(Acme.Settings["Storage:ConnectionString"]))
        {
            await locked.OpenAsync(TestContext.Current.CancellationToken);
            await using var hold = locked.BeginTransaction(deferred: false);
            await ada.PostAsync(path, fields);
            await Until.TrueAsync(() => Site.Audit("acme").Any(static line => line.Phase == "Intended"), "the action has begun");
            if (what == "signs in again")
                await ConsoleHost.TrySignInAsync(ada, "ada", old);
            else
                await ada.SubmitAsync("/account", ("old", old), ("new", "correct horse battery"), ("again", "correct horse battery"));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await Until.TrueAsync(() => Site.Audit("acme").Any(static line => line.Phase == "Completed"), "the action has ended");
        Assert.Equal(300, Site.Audit("acme").Single(static line => line.Phase == "Completed").Done);
    }

    [Fact]
    public async Task Action_Stops_WhenAnotherUserSignsInInTheBrowser()
    {
        var company = Site.Services.GetRequiredService<CompanyDirectory>().Find("acme")!;
        var sessions = Site.Services.GetRequiredService<Sessions>();
        var mode = Site.Services.GetRequiredService<ISignInMode>();
        Site.Accounts.Add("ada", ["operator:acme"]);
        Site.Accounts.Add("eve", ["operator:acme"]);
        var before = UserOf(mode, "ada");
        var after = UserOf(mode, "eve");
        sessions.Begin(before, Time.GetUtcNow().AddHours(1), null);

        sessions.Begin(after, Time.GetUtcNow().AddHours(1), before);

        Assert.Equal((Role.None, Role.Operator), (sessions.RoleAfterRenewal(before, company), sessions.RoleAfterRenewal(after, company)));
    }

    private static ClaimsPrincipal UserOf(ISignInMode mode, string name) =>
        mode.Refresh(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "local")))!;

    private async Task EndAsync(Visitor ada, string end)
    {
        switch (end)
        {
            case "sign-out":
                await ada.SubmitAsync("/logout");
                break;
            case "removal":
                Site.Accounts.Remove("ada");
                break;
            case "new password":
                Site.Accounts.ResetPassword("ada");
                break;
            case "grants taken away":
                Site.Database.Execute("UPDATE account SET grants = '' WHERE name = 'ada'");
                break;
            default:
                Site.Database.Execute("UPDATE session SET ends_at = 0");
                break;
        }
    }

    private static string CookieOf(Visitor visitor) =>
        visitor.Cookies.GetAllCookies().Single(static cookie => cookie.Name == "asdamir-console").Value;

    private static async Task<Answer> WithAsync(Uri console, string cookie, string path)
    {
        using var visitor = new Visitor(console);
        return await visitor.GetAsync(path, ("Cookie", $"asdamir-console={cookie}"));
    }
}
