using System.Data.Common;
using Asdamir.Data.HangfireJobs;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Scheduling.Continuations;

public sealed class FailingFilterInMemory() : FailingFilterTests(StorageKind.InMemory);

public sealed class FailingFilterOnSqlite() : FailingFilterTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class FailingFilterOnPostgreSql() : FailingFilterTests(StorageKind.PostgreSql);

/// <summary>A filter on a waiting job that fails when the job is to start costs the finished parent nothing.</summary>
public abstract class FailingFilterTests(StorageKind kind) : ContinuationTests(kind)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parent_Succeeds_AndTheChildFails_WhenAFilterOfTheChildThrows(bool whenApplied)
    {
        await using var host = await StartAsync();
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = whenApplied ? host.Jobs.ContinueWith<BrokenWhenApplied>(parent) : host.Jobs.ContinueWith<BrokenWhenElected>(parent);
        var grandchild = host.Jobs.ContinueWith<ChildJob>(child);
        var other = host.Jobs.ContinueWith<ChildJob>(parent);
        host.Probe.Open("parent 1");

        await host.WaitForAsync(other, JobState.Succeeded);

        Assert.Equal(JobState.Succeeded, host.Jobs.Find(parent)!.State);
        Assert.Equal(["Enqueued", "Processing", "Succeeded"], HistoryOf(host, parent));
        var broken = host.Jobs.Find(child)!;
        Assert.Equal((JobState.Failed, "broken filter"), (broken.State, broken.Error));
        Assert.Contains("A filter failed", broken.Reason, StringComparison.Ordinal);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(grandchild)!.State);
        Assert.Equal(["parent", "child"], host.Probe.Notes);
        // Once more when the end was tried again, as another call had changed the parent meanwhile.
        Assert.Contains(
            host.Logs.Entries, line => line.Message.Contains($"The job {child} waited for a job that has ended", StringComparison.Ordinal));
    }

    // As the timeout of an HttpClient, a lock of the filter's that is taken, and a database of the filter's that is away.
    [Theory]
    [InlineData("client")]
    [InlineData("lock")]
    [InlineData("database")]
    public async Task Parent_Succeeds_WhenAFilterOfTheChildWaitsInVain(string forWhat)
    {
        await using var host = await StartAsync();
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = forWhat switch
        {
            "lock" => host.Jobs.ContinueWith<LockedWhenElected>(parent),
            "database" => host.Jobs.ContinueWith<WithoutDatabaseWhenElected>(parent),
            _ => host.Jobs.ContinueWith<CanceledWhenElected>(parent),
        };
        host.Probe.Open("parent 1");

        await host.WaitForAsync(child, JobState.Failed);

        Assert.Equal(JobState.Succeeded, host.Jobs.Find(parent)!.State);
        Assert.Equal(["parent"], host.Probe.Notes);
    }

    // The condition is not met, so the child is deleted, and those that wait for it with it: unless a filter fails.
    [Fact]
    public async Task Grandchild_StillWaits_WhenAFilterOfTheDeletedChildThrows()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = host.Jobs.ContinueWith<BrokenWhenApplied>(parent);
        var grandchild = host.Jobs.ContinueWith<ChildJob>(child);

        Assert.True(host.Jobs.Delete(parent).IsDone);

        Assert.Equal(JobState.Deleted, host.Jobs.Find(parent)!.State);
        Assert.Equal(JobState.Failed, host.Jobs.Find(child)!.State);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(grandchild)!.State);
    }

    private protected override void AddJobs(IHangfireJobsBuilder jobs)
    {
        base.AddJobs(jobs);
        jobs.AddJob<BrokenWhenElected>().AddJob<BrokenWhenApplied>().AddJob<CanceledWhenElected>().AddJob<LockedWhenElected>()
            .AddJob<WithoutDatabaseWhenElected>();
    }

    [TimedOutElection(typeof(TaskCanceledException))]
    private sealed class CanceledWhenElected : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [TimedOutElection(typeof(DistributedLockTimeoutException))]
    private sealed class LockedWhenElected : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [TimedOutElection(typeof(DatabaseAwayException))]
    private sealed class WithoutDatabaseWhenElected : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class DatabaseAwayException(string message) : DbException(message);

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class TimedOutElectionAttribute(Type exception) : JobFilterAttribute, IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is EnqueuedState)
                throw (Exception)Activator.CreateInstance(exception, "a lock of the filter")!;
        }
    }

    [BrokenElection]
    private sealed class BrokenWhenElected(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("broken");
            return Task.FromResult(JobResult.Success());
        }
    }

    [BrokenApplication]
    private sealed class BrokenWhenApplied(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("broken");
            return Task.FromResult(JobResult.Success());
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class BrokenElectionAttribute : JobFilterAttribute, IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is EnqueuedState)
                throw new InvalidOperationException("broken filter");
        }
    }

    /// <summary>Fails after all other filters.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    private sealed class BrokenApplicationAttribute : JobFilterAttribute, IApplyStateFilter
    {
        public BrokenApplicationAttribute() => Order = 2000;

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
            if (context.NewState is EnqueuedState or DeletedState)
                throw new InvalidOperationException("broken filter");
        }

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
        }
    }
}
