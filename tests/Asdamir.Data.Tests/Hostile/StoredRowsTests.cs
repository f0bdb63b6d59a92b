using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.Tests.Hostile;

public sealed class StoredRowsOnSqlite() : StoredRowsTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class StoredRowsOnPostgreSql() : StoredRowsTests(StorageKind.PostgreSql);

/// <summary>
/// Random values in the tables, as an older, foreign or broken program leaves them. Every query gets an answer, and a server
/// works off its queue: what is broken ends visibly, what is sound is executed.
/// </summary>
[Slow]
public abstract class StoredRowsTests(StorageKind kind) : MonitoringTests(kind)
{
    private const int Spoiled = 80;

    private static readonly string[] Lists =
    [
        "/statistics", "/jobs", "/jobs?sort=oldest", "/jobs?q=a", "/jobs?state=Enqueued", "/jobs?state=Scheduled", "/jobs?state=Processing",
        "/jobs?state=Succeeded", "/jobs?state=Failed",
        "/jobs?state=Deleted", "/jobs?state=Awaiting", "/recurring-jobs", "/queues", "/servers", "/history", "/history?step=hour",
        "/failures",
    ];

    public static TheoryData<int> Seeds => FuzzSeeds.Few(3);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Queries_GetAnAnswer_AndTheServerContinues(int seed)
    {
        var random = new Random(seed);
        var crm = await StartAsync(configure: static options => options.Access.RequestsPerMinute = 100_000, services: services =>
            services.AddHealthChecks().AddHangfireJobs());
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        var runs = await FillAsync(crm);
        List<string> spoiled = [];
        for (var i = 0; i < Spoiled; i++)
            spoiled.Add(await tables.SpoilAsync(random));

        try
        {
            await LookAsync(crm, runs);
            await ActAsync(crm, runs.Where(_ => random.Next(3) == 0));
            await WorkAsync(tables);
            await LookAsync(crm, runs);
        }
        catch
        {
            TestContext.Current.AddAttachment("spoiled", string.Join('\n', spoiled));
            throw;
        }
    }

    private async Task<List<string>> FillAsync(WebHost crm)
    {
        List<string> runs =
        [
            .. Enumerable.Range(0, 12).Select(_ => crm.Jobs.Enqueue<IdleJob>()),
            .. Enumerable.Range(0, 4).Select(i => crm.Jobs.Enqueue<ReportJob, Report>(new($"Q{i}", 10))),
            .. Enumerable.Range(0, 4).Select(_ => crm.Jobs.Enqueue<BadJob, string>("as it should")),
            .. Enumerable.Range(0, 4).Select(_ => crm.Jobs.Schedule<IdleJob>(TimeSpan.Zero)),
            .. Enumerable.Range(0, 3).Select(_ => crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1))),
            .. Enumerable.Range(0, 3).Select(_ => Fail(crm)),
            .. new[] { "Succeeded", "Deleted", "Processing" }.Select(state => Put<OtherJob>(crm, StoredStates.Of(state))),
        ];
        runs.AddRange(Enumerable.Range(0, 4).Select(i => crm.Jobs.ContinueWith<IdleJob>(runs[i])));
        foreach (var id in new[] { "one", "two", "three" })
            crm.Jobs.AddOrUpdateRecurring<ReportJob, Report>(new("Q1", 2), "* * * * *", new RecurringOptions { Id = id });
        // Those that were executed leave states, notes, counters and a server behind.
        var worker = await StartAsync(configure: static options => options.RunServer = true);
        await worker.UntilAsync(crm.Jobs.Enqueue<ReportJob, Report>(new("Q4", 1)), JobState.Succeeded);
        await worker.DisposeAsync();
        runs.AddRange(Enumerable.Range(0, 12).Select(i => crm.Jobs.Enqueue<ReportJob, Report>(new($"Q{i}", 10))));
        return runs;
    }

    private static async Task LookAsync(WebHost crm, IEnumerable<string> runs)
    {
        foreach (var path in Lists.Concat(runs.SelectMany(static job => new[] { $"/jobs/{job}", $"/jobs/{job}/log" })))
        {
            var answer = await crm.AskAsync(path);
            Assert.True((int)answer.Status < 500, $"{path} is {answer.Status}: {answer.Body}");
        }
        var monitoring = crm.Storage.GetMonitoringApi();
        Assert.NotNull(monitoring.Queues());
        Assert.NotNull(monitoring.Servers());
        Assert.All(
            new Func<object>[]
            {
                () => monitoring.EnqueuedJobs("crm", 0, 100), () => monitoring.FetchedJobs("crm", 0, 100),
                () => monitoring.ScheduledJobs(0, 100), () => monitoring.ProcessingJobs(0, 100),
                () => monitoring.SucceededJobs(0, 100), () => monitoring.FailedJobs(0, 100), () => monitoring.DeletedJobs(0, 100),
                monitoring.SucceededByDatesCount, monitoring.HourlyFailedJobs,
            },
            static list => Assert.NotNull(list()));
        var health = await crm.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.All(
            health.Entries.Values, static entry => Assert.DoesNotContain("does not answer", entry.Description, StringComparison.Ordinal));
    }

    private static async Task ActAsync(WebHost crm, IEnumerable<string> runs)
    {
        foreach (var path in runs.Select(static job => $"/jobs/{job}/requeue")
            .Concat(["/recurring-jobs/crm:one/pause", "/recurring-jobs/crm:one/resume", "/recurring-jobs/crm:two/trigger"]))
        {
            var answer = await crm.PostAsync(path);
            Assert.True((int)answer.Status < 500, $"{path} is {answer.Status}: {answer.Body}");
        }
    }

    private async Task WorkAsync(StoredTables tables)
    {
        var worker = await StartAsync(configure: static options => (options.RunServer, options.Access.RequestsPerMinute) = (true, 100_000));
        worker.Jobs.AddOrUpdateRecurring<IdleJob>("* * * * * *", new RecurringOptions { Id = "canary" });
        var enqueued = worker.Jobs.Enqueue<IdleJob>();
        var scheduled = worker.Jobs.Schedule<IdleJob>(TimeSpan.Zero);

        await worker.UntilAsync(enqueued, JobState.Succeeded);
        await worker.UntilAsync(scheduled, JobState.Succeeded);
        await Until.TrueAsync(
            async () => (await worker.ReadAsync("/recurring-jobs/crm:canary")).TryGetProperty("lastJobId", out _),
            "the recurring canary has fired");
        Assert.True(worker.Jobs.RemoveRecurring("canary"));
        List<object[]> waiting = [];
        // Hangfire's worker tries a change of state that a filter refuses for three quarters of a minute, and then fails the job.
        await Until.TrueAsync(
            async () =>
                (waiting = await tables.QueryAsync(
                    $"SELECT q.job_id, j.state, j.state_reason FROM {tables.Name("queue")} AS q LEFT JOIN {tables.Name("job")} AS j ON "
                        + "j.id = q.job_id WHERE q.queue = 'crm'"))
                    .Count == 0,
            "nothing is queued any more",
            () => Task.FromResult(string.Join(", ", waiting.Select(static row => string.Join('/', row)))));
        await worker.DisposeAsync();
    }
}
