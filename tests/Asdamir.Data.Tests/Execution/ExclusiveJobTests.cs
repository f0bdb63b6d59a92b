using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.Storage;
using Asdamir.Data.Tests.Monitoring;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class ExclusiveJobTests
{
    [Fact]
    public async Task ExclusiveJob_RunsOneAfterTheOtherWithoutHoldingAWorker_WhenTheNameIsTheSame()
    {
        await using var host = await StartAsync(workers: 2);
        var first = host.Jobs.Enqueue<ExclusiveA>();
        await host.Probe.NotedAsync("A in");

        var second = host.Jobs.Enqueue<ExclusiveA>();
        var waiting = await host.WaitForAsync(second, JobState.Scheduled);
        // Both workers would be held if the second one waited on its worker.
        await host.WaitForAsync(host.Jobs.Enqueue<OrdinaryJob>(), JobState.Succeeded);

        Assert.Equal($"Waiting for job {first}: 'ExclusiveA' is exclusive", waiting.Reason);
        Assert.Equal(1, host.Probe.Count("A in"));

        host.Probe.Open("A");
        await host.WaitForAsync(first, JobState.Succeeded);
        await host.WaitForAsync(second, JobState.Succeeded);

        Assert.Equal(["A in", "A out", "A in", "A out"], host.Probe.Notes.Where(note => note != "ordinary"));
        Assert.True(host.Parameter(second, "RetryCount") is null or "0");
    }

    [Fact]
    public async Task ExclusiveJob_RunsInParallel_WhenTheNamesDiffer()
    {
        await using var host = await StartAsync(workers: 2);

        var a = host.Jobs.Enqueue<ExclusiveA>();
        var b = host.Jobs.Enqueue<ExclusiveB>();
        await host.Probe.NotedAsync("A in");
        await host.Probe.NotedAsync("B in");
        host.Probe.Open("A");
        host.Probe.Open("B");

        await host.WaitForAsync(a, JobState.Succeeded);
        await host.WaitForAsync(b, JobState.Succeeded);
    }

    [Fact]
    public async Task ExclusiveJob_LetsTheNextOneIn_WhenTheHolderFails()
    {
        await using var host = await StartAsync(workers: 1);

        var first = host.Jobs.Enqueue<ExclusiveFailure>();
        await host.WaitForAsync(first, JobState.Failed);
        await AssertRunsWithoutWaitingAsync(host);

        Assert.Equal(2, host.Probe.Count("failed"));
    }

    [Fact]
    public async Task ExclusiveJob_IsFreed_WhenTheHolderAndItsServerAreGone()
    {
        await using var host = await StartAsync(workers: 1);
        var dead = host.Jobs.Schedule<OrdinaryJob>(TimeSpan.FromHours(1));
        using (var connection = host.Storage.GetConnection())
        {
            connection.SetRangeInHash(
                "exclusive:default:ExclusiveFailure", new Dictionary<string, string> { ["JobId"] = dead, ["ServerId"] = "dead" });
        }

        await AssertRunsWithoutWaitingAsync(host);

        Assert.Equal(1, host.Probe.Count("failed"));
    }

    [Fact]
    public async Task ExclusiveJob_IsFreed_WhenTheHolderHasSucceededAndItsDeadServerIsStillListed()
    {
        await using var host = await StartAsync(workers: 1);
        var done = host.Jobs.Enqueue<OrdinaryJob>();
        await host.WaitForAsync(done, JobState.Succeeded);
        using (var connection = host.Storage.GetConnection())
            connection.SetRangeInHash(
                "exclusive:default:ExclusiveFailure",
                new Dictionary<string, string>
                {
                    ["JobId"] = done, ["ServerId"] = host.Storage.GetMonitoringApi().Servers().Single().Name
                });

        await AssertRunsWithoutWaitingAsync(host);

        Assert.Equal(1, host.Probe.Count("failed"));
    }

    [Fact]
    public async Task ExclusiveJob_LooksAgainAfter15Seconds_WhenItIsFirstInALongLine()
    {
        await using var host = await StartAsync(workers: 1);
        var later = JobHelper.ToTimestamp(DateTime.UtcNow.AddHours(1));
        using (var connection = host.Storage.GetConnection())
        {
            connection.SetRangeInHash(
                "exclusive:default:ExclusiveA",
                new Dictionary<string, string> { ["JobId"] = host.Jobs.Enqueue<ExclusiveB>(), ["ServerId"] = "any" });
            using var transaction = connection.CreateWriteTransaction();
            for (var i = 0; i < 10; i++)
                transaction.AddToSet("exclusive:default:ExclusiveA:line", $"behind-{i}", later);
            transaction.Commit();
        }
        await host.Probe.NotedAsync("B in");

        await using var second = await StartAsync(workers: 1, host.Storage);
        var first = second.Jobs.Enqueue<ExclusiveA>();
        await second.WaitForAsync(first, JobState.Scheduled);

        var waiting = second.Storage.GetMonitoringApi().JobDetails(first)
            .History.First(static state => state.StateName == ScheduledState.StateName).Data;
        var pause = JobHelper.DeserializeDateTime(waiting["EnqueueAt"]) - JobHelper.DeserializeDateTime(waiting["ScheduledAt"]);
        // Both are read from the clock one after the other.
        Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        host.Probe.Open("B");
    }

    [Fact]
    public async Task ExclusiveJob_WaitsForAnotherHost_OnTheSameStorage()
    {
        var storage = new SharedStorage();
        await using var one = await StartAsync(workers: 1, storage);
        var first = one.Jobs.Enqueue<ExclusiveA>();
        await one.Probe.NotedAsync("A in");

        await using var two = await StartAsync(workers: 1, storage);
        var second = two.Jobs.Enqueue<ExclusiveA>();
        await two.WaitForAsync(second, JobState.Scheduled);

        Assert.Empty(two.Probe.Notes);
        two.Probe.Open("A");
        one.Probe.Open("A");
        await one.WaitForAsync(first, JobState.Succeeded);
        await two.WaitForAsync(second, JobState.Succeeded);
    }

    [Fact]
    public async Task ExclusiveJob_KeepsItsPlace_WhenAnEarlierExecutionOfItEnds()
    {
        await using var host = await StartAsync(workers: 2);
        var first = host.Jobs.Enqueue<ExclusiveA>();
        await host.Probe.NotedAsync("A in");

        // A crash of the database had undone the claim of the earlier one, so the job was executed again while that still ran.
        host.Services.GetRequiredService<ExclusiveJobs>()
            .Release("default", nameof(ExclusiveA), first, execution: "earlier", CancellationToken.None);
        var second = host.Jobs.Enqueue<ExclusiveA>();
        await host.WaitForAsync(second, JobState.Scheduled);

        Assert.Equal(1, host.Probe.Count("A in"));
        host.Probe.Open("A");
        await host.WaitForAsync(second, JobState.Succeeded);
    }

    [Fact]
    public async Task ExclusiveJob_UsesNoAttempt_WhenTheStorageIsAwayBeforeItBegins()
    {
        var outages = 2;
        var storage = new FailingStorage
        {
            OnConnect = _ => Environment.StackTrace.Contains(nameof(ExclusiveJobs.TryTake), StringComparison.Ordinal)
                && Interlocked.Decrement(ref outages) >= 0
                ? new JobStorageUnavailableException("away")
                : null,
        };
        await using var host = await StartAsync(workers: 1, storage);
        host.Probe.Open("A");

        var run = host.Jobs.Enqueue<ExclusiveA>();
        await host.WaitForAsync(run, JobState.Succeeded);

        Assert.True(outages < 0);
        Assert.True(host.Parameter(run, "RetryCount") is null or "0");
    }

    [NeedsPostgreSql]
    [Fact]
    public async Task ExclusiveJob_WakesTheNextOne_WhenTheConnectionBrokeAfterItsRelease()
    {
        // On a machine that is too busy for it, the next one has polled before it could be woken.
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            if (await IsNextWokenAfterABrokenReleaseAsync($"exclusive_wake_{attempt}"))
                return;
        }
        Assert.Fail("The next job was woken in none of four attempts; each time it polled first.");
    }

    private static async Task<bool> IsNextWokenAfterABrokenReleaseAsync(string schema)
    {
        using var proxy = new FaultProxy((await SharedPostgres.GetAsync()).ConnectionString);
        using var storage = new PostgreSqlJobStorage(proxy.ConnectionString, new PostgreSqlJobStorageOptions { Schema = schema });
        await using var host = await StartAsync(workers: 2, storage);
        host.Jobs.Enqueue<ExclusiveA>();
        await host.Probe.NotedAsync("A in");
        var next = host.Jobs.Enqueue<ExclusiveA>();
        await host.WaitForAsync(next, JobState.Scheduled);

        // Who is first in line?
        proxy.Decide = static sql => sql.Contains("ORDER BY score, value LIMIT", StringComparison.Ordinal) ? Fault.LoseRequest : Fault.None;
        host.Probe.Open("A");
        await Until.TrueAsync(() => host.Logs.With(1301).Any(), "it could not be released completely");
        proxy.Decide = static _ => Fault.None;

        await host.WaitForAsync(next, JobState.Succeeded);
        return storage.GetMonitoringApi().JobDetails(next).History.Any(static state => state.Reason == "Its turn has come");
    }

    private static async Task AssertRunsWithoutWaitingAsync(JobHost host)
    {
        var run = await host.WaitForAsync(host.Jobs.Enqueue<ExclusiveFailure>(), JobState.Failed);
        Assert.DoesNotContain(
            host.Storage.GetMonitoringApi().JobDetails(run.Id).History, static state => state.StateName == ScheduledState.StateName);
    }

    private static Task<JobHost> StartAsync(int workers, JobStorage? storage = null) => JobHost.StartAsync(
        jobs =>
        {
            jobs.AddJob<ExclusiveA>().AddJob<ExclusiveB>().AddJob<ExclusiveFailure>().AddJob<OrdinaryJob>();
            if (storage is not null)
                jobs.UseStorage(_ => storage);
        },
        options =>
        {
            options.WorkerCount = workers;
            options.Retry.Attempts = 0;
        });

    [ExclusiveJob]
    private sealed class ExclusiveA(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => PassAsync(probe, "A", ct);
    }

    [ExclusiveJob]
    private sealed class ExclusiveB(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => PassAsync(probe, "B", ct);
    }

    private static async Task<JobResult> PassAsync(Probe probe, string name, CancellationToken ct)
    {
        probe.Note($"{name} in");
        await probe.GateAsync(name, ct);
        probe.Note($"{name} out");
        return JobResult.Success();
    }

    [ExclusiveJob]
    private sealed class ExclusiveFailure(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("failed");
            throw new InvalidOperationException("failed");
        }
    }

    private sealed class OrdinaryJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("ordinary");
            return Task.FromResult(JobResult.Success());
        }
    }
}
