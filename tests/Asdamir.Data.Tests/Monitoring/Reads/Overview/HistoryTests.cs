using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.Monitoring.Reads.Overview;

public sealed class HistoryInMemory() : HistoryTests(StorageKind.InMemory);

public sealed class HistoryOnSqlite() : HistoryTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class HistoryOnPostgreSql() : HistoryTests(StorageKind.PostgreSql);

public abstract class HistoryTests(StorageKind kind) : MonitoringTests(kind)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2031, 5, 6, 7, 58, 30, TimeSpan.Zero));

    [Fact]
    public async Task History_CountsHowRunsEnd_PerMinuteAndHour_ForTheAppAndForAll()
    {
        var (crm, hr, all) = (await StartWorkingAsync("crm"), await StartWorkingAsync("hr"), await StartAtAsync(""));

        await RunAsync(crm, "crm", succeeded: 2, failed: 1);
        await RunAsync(hr, "hr", succeeded: 1, failed: 0);
        _time.Advance(TimeSpan.FromMinutes(2));
        await RunAsync(crm, "crm", succeeded: 1, failed: 0);
        crm.Jobs.Delete(crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1)));

        Assert.Equal(
            [("2031-05-06T07:58:00Z", 2, 1, 0), ("2031-05-06T07:59:00Z", 0, 0, 0), ("2031-05-06T08:00:00Z", 1, 0, 1)],
            Points(await crm.ReadAsync("/history?count=3")));
        Assert.Equal(
            [("2031-05-06T07:00:00Z", 2, 1, 0), ("2031-05-06T08:00:00Z", 1, 0, 1)],
            Points(await crm.ReadAsync("/history?step=hour&count=2")));
        Assert.Equal(
            [("2031-05-06T07:00:00Z", 3, 1, 0), ("2031-05-06T08:00:00Z", 1, 0, 1)],
            Points(await all.ReadAsync("/history?step=hour&count=2")));
        Assert.Equal(
            [("2031-05-06T07:00:00Z", 1, 0, 0), ("2031-05-06T08:00:00Z", 0, 0, 0)],
            Points(await all.ReadAsync("/history?step=hour&count=2&app=hr")));
    }

    [Theory]
    [InlineData("", 60, "2031-05-06T06:59:00Z")]
    [InlineData("?step=minute&count=180", 180, "2031-05-06T04:59:00Z")]
    [InlineData("?step=hour", 24, "2031-05-05T08:00:00Z")]
    [InlineData("?step=hour&count=168", 168, "2031-04-29T08:00:00Z")]
    public async Task History_HasOnePointAStep_AlsoWhenNothingRan(string query, int count, string first)
    {
        var points = Points(await (await StartAtAsync("crm")).ReadAsync("/history" + query)).ToList();

        Assert.Equal((count, first), (points.Count, points[0].At));
        Assert.All(points, point => Assert.Equal((0, 0, 0), (point.Succeeded, point.Failed, point.Deleted)));
    }

    private Task<WebHost> StartWorkingAsync(string app) => StartAtAsync(app, options => options.RunServer = true);

    private Task<WebHost> StartAtAsync(string app, Action<HangfireJobsOptions>? configure = null) =>
        StartAsync(app, configure, services => services.AddSingleton<TimeProvider>(_time));

    private static async Task RunAsync(WebHost app, string text, int succeeded, int failed)
    {
        var good = Enumerable.Range(0, succeeded).Select(_ => app.Jobs.Enqueue<IdleJob>()).ToList();
        var bad = Enumerable.Range(0, failed).Select(_ => app.Jobs.Enqueue<BadJob, string>(text)).ToList();
        foreach (var jobId in good)
            await app.UntilAsync(jobId, JobState.Succeeded);
        foreach (var jobId in bad)
            await app.UntilAsync(jobId, JobState.Failed);
    }

    private static IEnumerable<(string At, int Succeeded, int Failed, int Deleted)> Points(JsonElement history) =>
        history.EnumerateArray()
            .Select(point => (point.Text("at")!, point.Number("succeeded"), point.Number("failed"), point.Number("deleted")));
}
