using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Data.Sqlite;

namespace Asdamir.AdminConsole.Tests.Features.Overview;

/// <summary>What the pages say of apps whose servers died, and of jobs that wait for one.</summary>
public sealed class AttentionTests : OneCompany
{
    private const long Minute = 60_000_000;

    [Fact]
    public async Task Pages_SayWhenTheLastServerDied_AndWhatWaitsForOne()
    {
        var id = Acme.Jobs.Enqueue<MailJob, string>("to a customer");
        Announce("one", TestCompany.Queue);
        Die(rescued: 2, minutesAgo: 15);
        var ada = await OperatorAsync();

        var line = (await ada.GetAsync("/acme")).Page.QuerySelectorAll("[aria-labelledby=attention] li.bad")[1];
        var queue = (await ada.GetAsync("/acme/queues")).Page.QuerySelector("td .bad + small.bad")!;
        var job = (await ada.GetAsync($"/acme/jobs/{id}")).Page.QuerySelector("p.bad")!;
        var servers = (await ada.GetAsync("/acme/servers")).Page;

        Assert.Matches(@"^crm: last process died [\d: -]+ UTC, 2 jobs rescued, 1 waiting$", Text(line.TextContent));
        Assert.Matches(@"^last process died [\d: -]+ UTC, 2 jobs rescued$", Text(queue.TextContent));
        Assert.Matches(
            @"^Waits: no server listens to the queue crm \(last process died [\d: -]+ UTC, 2 jobs rescued\)\.$", Text(job.TextContent));
        Assert.Equal("died", Text(servers.QuerySelector("[aria-labelledby=ended] td .bad")!.TextContent));
        Assert.Equal(
            "no server is alive, 1 waiting",
            Text((await ada.GetAsync("/companies")).Page.QuerySelector(".card p.bad")!.TextContent));
    }

    [Fact]
    public async Task Overview_SaysThatAnAppCrashedAndIsBack_InOneCalmLine()
    {
        foreach (var minutesAgo in new[] { 9, 8, 6, 5, 4 })
        {
            Announce($"{minutesAgo}", TestCompany.Queue);
            Die(rescued: 0, minutesAgo);
        }
        Announce("now", TestCompany.Queue);
        var ada = await OperatorAsync();

        var page = (await ada.GetAsync("/acme")).Page;

        Assert.Empty(page.QuerySelectorAll("[aria-labelledby=attention] li.bad"));
        Assert.Matches(
            @"^crm: crashed 5 times in 5 min, last process died [\d: -]+ UTC, back$",
            Text(page.QuerySelector("[aria-labelledby=attention] li")!.TextContent));
    }

    [Fact]
    public async Task StoppedServer_NeedsNoAttention_UntilJobsWait()
    {
        Announce("hr", "hr");
        Announce("one", TestCompany.Queue);
        using (var connection = Acme.Storage.GetConnection())
            connection.RemoveServer("one");
        var ada = await OperatorAsync();
        Assert.Empty((await ada.GetAsync("/acme")).Page.QuerySelectorAll("[aria-labelledby=attention] li.bad"));

        Acme.Jobs.Enqueue<MailJob, string>("to a customer");

        Assert.Matches(
            @"^crm: last process was stopped [\d: -]+ UTC, 1 waiting$",
            Text((await ada.GetAsync("/acme")).Page.QuerySelector("[aria-labelledby=attention] li.bad")!.TextContent));
        Assert.Equal("1 app without a server", Text((await ada.GetAsync("/companies")).Page.QuerySelector(".card p.bad")!.TextContent));
    }

    [Fact]
    public async Task Overview_SaysWhichRecurringJobsAreLate_OfAnAppWithoutServersAndJobs()
    {
        AddLate("close-month", minutesAgo: 180);
        AddLate("sweep", minutesAgo: 15);
        AddLate("later", minutesAgo: -15);
        AddLate("paused", minutesAgo: 300);
        Acme.Jobs.PauseRecurring("paused");
        var ada = await OperatorAsync();

        var line = (await ada.GetAsync("/acme")).Page.QuerySelectorAll("[aria-labelledby=attention] li.bad")[1];
        var listed = (await ada.GetAsync(line.QuerySelector("a:last-of-type")!.GetAttribute("href")!)).Page;

        Assert.Matches(@"^crm: .*, 2 recurring jobs late, worst close-month since [\d: -]+ UTC$", Text(line.TextContent));
        Assert.Equal(
            2,
            listed.QuerySelectorAll("td .bad")
                .Count(static late => Text(late.TextContent).StartsWith("late: due ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Overview_SaysThatARecurringJobIsLate_AlthoughItsAppRuns()
    {
        Announce("one", TestCompany.Queue);
        AddLate("sweep", minutesAgo: 15);
        var ada = await OperatorAsync();

        var line = (await ada.GetAsync("/acme")).Page.QuerySelector("[aria-labelledby=attention] li.bad")!;

        Assert.Matches(@"^crm: recurring job sweep late since [\d: -]+ UTC$", Text(line.TextContent));
    }

    [Fact]
    public async Task Overview_ListsTheWorstFirst_AndAtMostEightApps()
    {
        Announce("crashed", "back");
        Announce("dead", "down");
        Die(rescued: 0, minutesAgo: 3);
        Announce("again", "back");
        for (var app = 0; app < 60; app++)
        {
            for (var job = 0; job <= app % 2; job++)
                new BackgroundJobClient(Acme.Storage).Create(
                    Job.FromExpression(() => Console.WriteLine(), $"app{app:00}"), new EnqueuedState($"app{app:00}"));
        }
        var ada = await OperatorAsync();

        var worst = Apps((await ada.GetAsync("/acme?range=3h")).Page);
        var all = Apps((await ada.GetAsync("/acme?range=3h&attention=all")).Page);
        var live = await ada.GetAsync("/acme?range=3h&attention=all");

        Assert.Equal(
            ["app01", "app03", "app05", "app07", "app09", "app11", "app13", "app15", "54 more"], worst.Select(static app => app.Name));
        Assert.Equal("/acme?range=3h&attention=all", worst[^1].Address);
        Assert.Equal(63, all.Count);
        Assert.Equal(["app58", "down", "back", "Only the worst"], all.TakeLast(4).Select(static app => app.Name));
        Assert.Equal("/acme?range=3h", all[^1].Address);
        Assert.Contains("attention=all", live.Page.QuerySelector("[data-live]")!.GetAttribute("data-live"), StringComparison.Ordinal);
    }

    private static List<(string Name, string Address)> Apps(AngleSharp.Dom.IDocument page) =>
    [
        .. page.QuerySelectorAll("[aria-labelledby=attention] li > a:first-child")
            .Where(static link => !link.ParentElement!.TextContent.Contains("oldest", StringComparison.Ordinal))
            .Select(static link => (Text(link.TextContent), link.GetAttribute("href")!))
    ];

    private static string Text(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void AddLate(string id, int minutesAgo)
    {
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("report", "0 3 * * *", new RecurringOptions { Id = id });
        using var connection = Acme.Storage.GetConnection();
        connection.SetRangeInHash(
            $"recurring-job:{id}",
            new Dictionary<string, string> { ["NextExecution"] = JobHelper.SerializeDateTime(DateTime.UtcNow.AddMinutes(-minutesAgo)) });
    }

    private void Announce(string id, string queue)
    {
        using var connection = Acme.Storage.GetConnection();
        connection.AnnounceServer(id, new ServerContext { Queues = [queue], WorkerCount = 1 });
    }

    private void Die(int rescued, int minutesAgo)
    {
        var rows = new Tables(() => new SqliteConnection(Acme.Settings["Storage:ConnectionString"]), "");
        var now = rows.Value<long>("SELECT max(heartbeat_at) FROM {s}server");
        rows.Execute(
            $"UPDATE {{s}}server SET ended_at = {now - (minutesAgo * Minute)}, rescued = {rescued} WHERE ended_at IS NULL");
    }
}
