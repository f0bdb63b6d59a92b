using System.Net;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.Data.HangfireJobs;
using Microsoft.Data.Sqlite;

namespace Asdamir.AdminConsole.Tests.Features.Audit;

/// <summary>Who did what and why is written down, for good.</summary>
public sealed class AuditTrailTests : OneCompany
{
    [Fact]
    public async Task Action_IsAudited_BeforeAndAfter()
    {
        var jobs = Acme.FailMany(2);
        var ada = await OperatorAsync();

        await ada.SubmitAsync(
            "/acme/jobs/act", ("action", "delete"), ("job", $"{jobs[0]}|Failed"), ("job", $"{jobs[1]}|Failed"), ("reason", "known fault"),
            ("confirmed", "1"));

        var after = Site.Audit("acme")[0];
        var before = Site.Audit("acme")[1];
        Assert.Equal(("Intended", "Completed"), (before.Phase, after.Phase));
        Assert.Equal((null, null, null), (before.Done, before.Skipped, before.Failed));
        Assert.Equal((2, 0, 0), (after.Done, after.Skipped, after.Failed));
        foreach (var line in (AuditEntry[])[before, after])
        {
            Assert.Equal(
                ("Delete", "acme", "ada", "Operator", $"{jobs[0]} {jobs[1]}", "known fault", "127.0.0.1"),
                (line.Action, line.Company, line.Actor, line.Role, line.Target, line.Reason, line.Address));
            Assert.Matches("^[0-9a-f]{32}$", line.TraceId);
            Assert.Equal(before.ActionId, line.ActionId);
        }
    }

    [Fact]
    public async Task Action_IsNotTaken_WhenItCannotBeAudited()
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();
        Site.Database.Execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON audit WHEN NEW.phase = 'Intended' BEGIN SELECT RAISE(ABORT, "
                + "'database or disk is full'); END");

        var answer = await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{job}|Failed"));

        var page = await ada.GetAsync(answer.Location!);
        Assert.Equal(JobState.Failed, Acme.StateOf(job));
        Assert.Contains(
            "Requeued 0. The action was not carried out, because the audit did not accept it. Try again.", page.Text,
            StringComparison.Ordinal);
        Assert.Equal("bad", page.Page.QuerySelector("[role=status]")!.GetAttribute("data-kind"));
    }

    [Fact]
    public async Task Action_StaysDone_WhenOnlyItsOutcomeCannotBeAudited()
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();
        Site.Database.Execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON audit WHEN NEW.phase = 'Completed' BEGIN SELECT RAISE(ABORT, "
                + "'database or disk is full'); END");

        var answer = await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{job}|Failed"));

        Assert.Contains("Requeued 1.", (await ada.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
        Assert.Contains("begun; its outcome is not known", (await ada.GetAsync("/acme/audit")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'nobody'")]
    [InlineData("DELETE FROM audit")]
    [InlineData("INSERT OR REPLACE INTO audit (id, at, phase, action) SELECT id, 0, 'Event', 'Nothing' FROM audit")]
    [InlineData("REPLACE INTO audit (id, at, phase, action) VALUES (1, 0, 'Event', 'Nothing')")]
    public async Task Lines_AreNeitherChangedNorRemoved(string statement)
    {
        await OperatorAsync();

        var refusal = Assert.Throws<SqliteException>(() => Site.Database.Execute(statement));

        Assert.Contains("The audit is append-only.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("SignIn", "ada"), (Assert.Single(Site.Audit("acme")).Action, Site.Audit("acme")[0].Actor));
    }

    [Fact]
    public async Task SignIn_IsALineInEveryCompanyOneHasARoleInAndInNoOther()
    {
        await using var globex = await TestCompany.StartAsync("globex");
        await using var umbrella = await TestCompany.StartAsync("umbrella");
        await using var console = await ConsoleHost.StartAsync(Acme, globex, umbrella);

        await console.WelcomeAsync("ada", "operator:acme", "viewer:globex");
        await ConsoleHost.TrySignInAsync(console.NewVisitor(), "ada", "wrong");

        foreach (var (company, role) in (IEnumerable<(string, string)>)[("acme", "Operator"), ("globex", "Viewer")])
        {
            Assert.Equal(
                [("SignInFailed", role), ("SignIn", role)], console.Audit(company).Select(static entry => (entry.Action, entry.Role!)));
        }
        Assert.Empty(console.Audit("umbrella"));
    }

    [Fact]
    public async Task EntriesOfNoCompany_AreShownOnlyToUsersWhoSeeAllCompanies()
    {
        await using var globex = await TestCompany.StartAsync("globex");
        await using var console = await ConsoleHost.StartAsync(Acme, globex);
        await ConsoleHost.TrySignInAsync(console.NewVisitor(), "a-typo-that-is-a-password", "wrong");
        var (some, all) = (await console.WelcomeAsync("some", "operator:acme"), await console.WelcomeAsync("all", "viewer:*"));

        foreach (var path in (string[])["/acme/audit", "/acme/audit.csv"])
        {
            Assert.DoesNotContain("a-typo-that-is-a-password", (await some.GetAsync(path)).Body, StringComparison.Ordinal);
            Assert.Contains("a-typo-that-is-a-password", (await all.GetAsync(path)).Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LinesOfAnotherCompany_AreNotInTheAuditOfThisOne()
    {
        await using var globex = await TestCompany.StartAsync("globex");
        await using var console = await ConsoleHost.StartAsync(Acme, globex);
        var (ada, grace) = (await console.WelcomeAsync("ada", "operator:acme"), await console.WelcomeAsync("grace", "operator:globex"));
        await grace.SubmitAsync("/globex/jobs/act", ("action", "requeue"), ("job", $"{globex.Fail()}|Failed"));

        foreach (var path in (string[])[
            "/acme/audit", "/acme/audit.csv", "/acme/audit?actor=grace", "/acme/audit.csv?actor=grace&company=globex"])
        {
            Assert.Equal(
                "",
                string.Concat(
                    (await ada.GetAsync(path)).Page.QuerySelectorAll("tbody tr").Select(static row => row.TextContent)
                        .Where(static row => row.Contains("grace", StringComparison.Ordinal))));
        }
        Assert.DoesNotContain("grace", (await ada.GetAsync("/acme/audit.csv")).Body, StringComparison.Ordinal);
    }
}
