using System.Globalization;
using System.Net;

namespace Asdamir.AdminConsole.Tests.Features.Audit;

/// <summary>The audit as a file: all of it, sent as it is read, one at a time for each user.</summary>
public sealed class AuditFileTests : OneCompany
{
    // More than the sockets between the console and a client that does not read can hold.
    private const int ManyLines = 60_000;

    [Fact]
    public async Task File_HoldsEveryLineOnce_FromTheNewestToTheOldest()
    {
        var ada = await OperatorAsync();
        Fill(1_234, 10);

        var lines = (await ada.GetAsync("/acme/audit.csv")).Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];

        var ids = lines.Select(static line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, 1_235).Reverse(), ids);
    }

    [Fact]
    public async Task SecondFileOfAUser_IsRefused_UntilTheFirstHasEnded()
    {
        var password = Site.Accounts.Add("ada", ["viewer:acme"])!;
        var (ada, elsewhere, eve) = (await Site.SignInAsync("ada", password), await Site.SignInAsync("ADA", password),
            await Site.WelcomeAsync("eve", "viewer:acme"));
        Fill(ManyLines, 1_000);
        var first = await ada.OpenAsync("/acme/audit.csv");

        foreach (var visitor in (Visitor[])[ada, elsewhere])
        {
            var refused = await visitor.GetAsync("/acme/audit.csv?actor=ada");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
            Assert.Contains("You can export one audit at a time.", refused.Text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await eve.GetAsync("/acme/audit.csv?actor=ada")).Status);

        first.Dispose();
        await Until.TrueAsync(
            async () => (await ada.GetAsync("/acme/audit.csv?actor=ada")).Status == HttpStatusCode.OK,
            "the first export has ended with its client");
    }

    [Fact]
    public async Task File_NamesEveryJobOfAnAction_AndThePageTheFirstOnes()
    {
        var ada = await OperatorAsync();
        var ids = Enumerable.Range(0, 900).Select(static number => $"{7_000_000_000 + number}").ToList();

        await ada.SubmitAsync(
            "/acme/jobs/act", [("action", "delete"), ("reason", "clean up"), ("confirmed", "1"), .. ids.Select(static id => ("job", id))]);

        await Until.TrueAsync(() => Site.Audit("acme")[0].Phase == "Completed", "the action has ended");
        var file = await ada.GetAsync("/acme/audit.csv?action=Delete");
        var page = await ada.GetAsync("/acme/audit");
        foreach (var line in file.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..])
            Assert.Equal(string.Join(' ', ids), line.Split(',')[6]);
        Assert.Contains("7000000000 7000000001", page.Text, StringComparison.Ordinal);
        Assert.Contains("… (whole in the CSV)", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ids[^1], page.Page.QuerySelector("td.what")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_NamesEveryJobThatAFilterSelected_AndThePageDoesNot()
    {
        var jobs = Acme.FailMany(450);
        var ada = await OperatorAsync();

        await DeleteAllAsync(ada);

        await Until.TrueAsync(() => Site.Audit("acme")[0].Phase == "Completed", "the action has ended");
        var named = (await ada.GetAsync("/acme/audit.csv?action=Delete")).Body.Split("\r\n").Select(static line => line.Split(','))
            .Where(static line => line.Length > 6 && line[2] == "Named");
        Assert.Equal(jobs.Order(StringComparer.Ordinal), named.SelectMany(static line => line[6].Split(' ')).Order(StringComparer.Ordinal));
        Assert.Single((await ada.GetAsync("/acme/audit?action=Delete")).Page.QuerySelectorAll("tbody tr"));
    }

    [Fact]
    public async Task JobOfAFilter_IsLeftAlone_WhenItCannotBeNamed()
    {
        Acme.FailMany(3);
        var ada = await OperatorAsync();
        Site.Database.Execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON audit WHEN NEW.phase = 'Named' BEGIN SELECT RAISE(ABORT, "
                + "'database or disk is full'); END");

        await DeleteAllAsync(ada);

        await Until.TrueAsync(() => Site.Audit("acme")[0].Phase == "Completed", "the action has ended");
        Assert.Equal((0, 1), (Site.Audit("acme")[0].Done, Site.Audit("acme")[0].Failed));
        Assert.Contains(
            "The audit did not accept this job; this job and all following jobs were left unchanged.", Site.Audit("acme")[0].Remarks,
            StringComparison.Ordinal);
        Assert.Equal(3, Acme.Storage.GetMonitoringApi().FailedCount());
    }

    private static async Task DeleteAllAsync(Visitor ada)
    {
        var question = await ada.PostAsync(
            "/acme/jobs/act", (await ada.GetAsync("/acme/jobs?state=Failed&from=2020-01-01T00:00Z")).Form("form[data-act]", "delete-all"));
        var (path, fields) = question.Asked("clean up");
        await ada.PostAsync(path, fields);
    }

    private void Fill(int lines, int length) => Site.Database.Execute(
        """
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < @lines)
        INSERT INTO audit (at, phase, action, company, actor, reason) SELECT n, 'Event', 'SignIn', 'acme', 'grace', @reason FROM number
        """,
        ("@lines", lines), ("@reason", new string('x', length)));
}
