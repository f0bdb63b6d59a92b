using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Hostile;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Scheduling.Continuations;

public sealed class ManyContinuationsOnSqlite() : ManyContinuationsTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class ManyContinuationsOnPostgreSql() : ManyContinuationsTests(StorageKind.PostgreSql);

/// <summary>Many continuations of one job, chains and circles of them.</summary>
public abstract class ManyContinuationsTests(StorageKind kind) : ContinuationTests(kind)
{
    // Beyond what the storage commits together with other writes.
    private const int Many = 300;

    [Fact]
    public async Task Children_AllStartInTheirOrder_WhenThereAreManyOfThem()
    {
        await using var host = await StartAsync();
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        var parent = host.Jobs.Schedule<ChildJob>(TimeSpan.FromHours(1));
        List<string> children = [.. Enumerable.Range(0, Many).Select(_ => host.Jobs.ContinueWith<ChildJob>(parent, ContinueOn.AnyEnd))];
        List<string> others = [.. Enumerable.Range(0, 10).Select(_ => host.Jobs.ContinueWith<ChildJob>(parent))];

        Assert.True(host.Jobs.Delete(parent).IsDone);

        Assert.All(others, other => Assert.Equal(JobState.Deleted, host.Jobs.Find(other)!.State));
        await host.WaitForAsync(children[^1], JobState.Succeeded);
        await Until.EqualAsync(Many, () => host.Probe.Count("child"), "the number of children that were executed");
        var enqueued = await tables.QueryAsync($"SELECT job_id FROM {tables.Name("state")} WHERE name = 'Enqueued' ORDER BY id");
        Assert.Equal(children, enqueued.Select(static row => $"{row[0]}"));
    }

    [Fact]
    public async Task Chain_IsDeletedToItsEnd_WhenItsFirstJobIsDeleted()
    {
        await using var host = await StartAsync(options => options.RunServer = false);
        List<string> chain = [host.Jobs.Schedule<ChildJob>(TimeSpan.FromHours(1))];
        for (var i = 0; i < Many; i++)
            chain.Add(host.Jobs.ContinueWith<ChildJob>(chain[^1]));

        Assert.True(host.Jobs.Delete(chain[0]).IsDone);

        Assert.All(chain, job => Assert.Equal(JobState.Deleted, host.Jobs.Find(job)!.State));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Delete_EndsAllOfThem_WhenRunsWaitForEachOtherInACircle(int length)
    {
        await using var host = await StartAsync(options => options.RunServer = false);
        List<string> circle = [host.Jobs.Schedule<ChildJob>(TimeSpan.FromHours(1))];
        while (circle.Count < length)
            circle.Add(host.Jobs.ContinueWith<ChildJob>(circle[^1]));
        var waiting = new AwaitingState(circle[^1], new EnqueuedState(), JobContinuationOptions.OnlyOnSucceededState);
        Assert.True(host.Services.GetRequiredService<IBackgroundJobClientV2>().ChangeState(circle[0], waiting, null));

        var token = TestContext.Current.CancellationToken;
        Assert.True((await Task.Run(() => host.Jobs.Delete(circle[0]), token).WaitAsync(Until.Limit, token)).IsDone);

        Assert.All(circle, job => Assert.Single(HistoryOf(host, job), "Deleted"));
    }

    [Fact]
    public async Task Children_AreAllExecuted_WhenTheyAreAddedWhileTheirParentEnds()
    {
        const int Threads = 4;
        await using var host = await StartAsync();
        var added = 0;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 40; i++)
            {
                var parent = host.Jobs.Enqueue<ChildJob>();
                for (var child = 0; child < 3; child++)
                    host.Jobs.ContinueWith<ChildJob>(parent);
                Interlocked.Add(ref added, 4);
            }
        })));

        await Until.EqualAsync(added, () => host.Probe.Count("child"), "the number of jobs that were executed");
        await Until.TrueAsync(
            () => host.Storage.GetMonitoringApi().GetStatistics() is { Awaiting: 0, Processing: 0, Enqueued: 0 }, "nothing is left");
        Assert.Equal(added, host.Probe.Count("child"));
    }
}
