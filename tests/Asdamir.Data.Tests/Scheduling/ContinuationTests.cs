using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Hostile;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class ContinuationsOnSqlite() : ContinuationTests(StorageKind.Sqlite)
{
    [Fact]
    public async Task Parent_Succeeds_WhenAJobThatWaitsForItWasNeverCompletedAndIsFromTheFuture()
    {
        await using var host = await StartAsync();
        await using var tables = new StoredTables(StorageKind.Sqlite, ConnectionString, Schema);
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        await tables.ExecuteAsync($"UPDATE {tables.Name("job")} SET state = NULL, created_at = created_at * 30 WHERE id = {child}");
        host.Probe.Open("parent 1");

        await host.WaitForAsync(parent, JobState.Succeeded);

        Assert.Equal(["parent"], host.Probe.Notes);
    }
}

[NeedsPostgreSql]
public sealed class ContinuationsOnPostgreSql() : ContinuationTests(StorageKind.PostgreSql)
{
    [Fact]
    public async Task ContinueWith_WritesNothingIntoATransaction_WhenAFilterRefusesIt()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        await using var tables = new StoredTables(StorageKind.PostgreSql, ConnectionString, Schema);
        var parent = host.Jobs.Enqueue<ParentJob>();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        Assert.Throws<NotSupportedException>(() => host.Jobs.InTransaction(transaction).ContinueWith<RefusedJob>(parent));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Single(await tables.QueryAsync($"SELECT id FROM {tables.Name("job")}"));
        Assert.Null(host.Parameter(parent, "Continuations"));
    }
}

/// <summary>A job that waits for another one begins after the success of that one is committed, and with it.</summary>
public abstract class ContinuationTests(StorageKind kind) : IAsyncLifetime
{
    // Beyond what the storage commits together with other writes.
    private const int Many = 300;
    private static int _lastQueue;

    private readonly TemporaryFolder _folder = new();
    private readonly string _queue = $"q{Interlocked.Increment(ref _lastQueue)}{(kind == StorageKind.Sqlite ? "s" : "p")}";
    private string _connectionString = "";
    private string _schema = "";

    private protected string ConnectionString => _connectionString;

    private protected string Schema => _schema;

    public async ValueTask InitializeAsync()
    {
        if (kind == StorageKind.Sqlite)
            _connectionString = $"Data Source={Path.Combine(_folder.Path, "jobs.db")}";
        else
            (_connectionString, _schema) = ((await SharedPostgres.GetAsync()).ConnectionString, (await SharedPostgres.GetAsync()).NewSchema());
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        BeforeTheCommitAttribute.Faults.TryRemove(_queue, out _);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    // The claim of the job ends after its success was decided and before that is committed.
    [Fact]
    public async Task Child_StillWaits_WhenTheSuccessOfItsParentIsRefused_AndTheParentIsExecutedAgain()
    {
        var (parent, child) = await EnqueueAsync();
        await using var tables = new StoredTables(kind, _connectionString, _schema);
        Once(() => tables.ExecuteAsync($"UPDATE {tables.Name("queue")} SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL").GetAwaiter().GetResult());
        await using var host = await StartAsync();
        host.Probe.Open("parent 1");

        await host.Probe.NotedAsync("parent", times: 2);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(child)!.State);
        host.Probe.Open("parent 2");

        await host.WaitForAsync(child, JobState.Succeeded);
        Assert.Equal(["parent", "parent", "child"], host.Probe.Notes);
        Assert.Equal(["Awaiting", "Enqueued", "Processing", "Succeeded"], HistoryOf(host, child));
    }

    [Fact]
    public async Task Child_StillWaits_WhenItsParentFailsAfterARefusedSuccess()
    {
        var (parent, child) = await EnqueueAsync();
        await using var tables = new StoredTables(kind, _connectionString, _schema);
        Once(() => tables.ExecuteAsync($"UPDATE {tables.Name("queue")} SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL").GetAwaiter().GetResult());
        await using var host = await StartAsync();
        host.Probe.Open("parent 1");
        await host.Probe.NotedAsync("parent", times: 2);
        host.Probe.Open("fail");
        host.Probe.Open("parent 2");

        await host.WaitForAsync(parent, JobState.Failed);

        Assert.Equal(JobState.Awaiting, host.Jobs.Find(child)!.State);
        Assert.Equal(["Awaiting"], HistoryOf(host, child));
    }

    [Fact]
    public async Task Children_AllStartInTheirOrder_WhenThereAreManyOfThem()
    {
        await using var host = await StartAsync();
        await using var tables = new StoredTables(kind, _connectionString, _schema);
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

        Assert.All(chain, run => Assert.Equal(JobState.Deleted, host.Jobs.Find(run)!.State));
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
        Assert.True((await Task.Run(() => host.Jobs.Delete(circle[0]), token).WaitAsync(TimeSpan.FromMinutes(1), token)).IsDone);

        Assert.All(circle, run => Assert.Single(HistoryOf(host, run), "Deleted"));
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
        await Until.TrueAsync(() => host.Storage.GetMonitoringApi().GetStatistics() is { Awaiting: 0, Processing: 0, Enqueued: 0 }, "nothing is left");
        Assert.Equal(added, host.Probe.Count("child"));
    }

    [Theory]
    [InlineData(JobContinuationOptions.OnlyOnSucceededState, "Scheduled")]
    [InlineData(JobContinuationOptions.OnAnyFinishedState, "Scheduled")]
    [InlineData(JobContinuationOptions.OnlyOnDeletedState, "Deleted")]
    public async Task Child_EntersTheStateItWasGiven_WhenItWaitsAsHangfireWritesIt(JobContinuationOptions options, string state)
    {
        await using var host = await StartAsync();
        var at = new DateTime(2040, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = Wait(host, parent, new AwaitingState(parent, new ScheduledState(at) { Reason = "later" }, options));
        host.Probe.Open("parent 1");
        await host.WaitForAsync(parent, JobState.Succeeded);

        var entered = host.StateOf(child);

        Assert.Equal(state, entered.Name);
        if (state == "Scheduled")
            Assert.Equal(("later", at), (entered.Reason, JobHelper.DeserializeDateTime(entered.Data["EnqueueAt"])));
    }

    [Theory]
    [InlineData("""{"$type":"System.IO.FileSystemWatcher, System.IO.FileSystem.Watcher","Path":"/"}""")]
    [InlineData("""{"$type":"Hangfire.States.SucceededState, Hangfire.Core"}""")]
    [InlineData("""{"$type":7}""")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    public async Task Child_FailsWithAReason_WhenWhatIsStoredNamesNoStateForAJobThatHasNotBegun(string stored)
    {
        await using var host = await StartAsync();
        await using var tables = new StoredTables(kind, _connectionString, _schema);
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        var data = SerializationHelper.Serialize(new Dictionary<string, string> { ["ParentId"] = parent, ["NextState"] = stored, ["Options"] = "1" });
        await tables.ExecuteAsync($"UPDATE {tables.Name("job")} SET state_data = @data WHERE id = {child}", ("@data", data));
        host.Probe.Open("parent 1");

        await host.WaitForAsync(parent, JobState.Succeeded);

        Assert.Equal(("Failed", "The state that the job was to enter next cannot be read"), (host.StateOf(child).Name, host.StateOf(child).Reason));
    }

    [Fact]
    public async Task Child_IsLeftAlone_WhenItNoLongerWaitsForTheJobThatEnds()
    {
        await using var host = await StartAsync();
        var parent = host.Jobs.Enqueue<ParentJob>();
        var other = host.Jobs.Schedule<ChildJob>(TimeSpan.FromHours(1));
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        var deleted = host.Jobs.ContinueWith<ChildJob>(parent);
        Assert.True(host.Services.GetRequiredService<IBackgroundJobClientV2>().ChangeState(child, new AwaitingState(other), null));
        Assert.True(host.Jobs.Delete(deleted).IsDone);
        host.Probe.Open("parent 1");

        await host.WaitForAsync(parent, JobState.Succeeded);

        Assert.Equal((JobState.Awaiting, JobState.Deleted), (host.Jobs.Find(child)!.State, host.Jobs.Find(deleted)!.State));
        Assert.Equal(["Awaiting", "Awaiting"], HistoryOf(host, child));
        Assert.True(host.Jobs.Delete(other).IsDone);
        await host.WaitForAsync(child, JobState.Succeeded);
    }

    // The filter comes after the one that writes the list of those that wait.
    [Fact]
    public async Task ContinueWith_WritesNothing_WhenAFilterRefusesIt()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        await using var tables = new StoredTables(kind, _connectionString, _schema);
        var parent = host.Jobs.Enqueue<ParentJob>();

        Assert.Equal("refused by a filter", Assert.Throws<NotSupportedException>(() => host.Jobs.ContinueWith<RefusedJob>(parent)).Message);

        Assert.Single(await tables.QueryAsync($"SELECT id FROM {tables.Name("job")}"));
        Assert.Null(host.Parameter(parent, "Continuations"));
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        Assert.Contains($"\"{child}\"", host.Parameter(parent, "Continuations"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnqueueMany_WritesNothing_WhenOneOfTheJobsCannotBeCreated()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        await using var tables = new StoredTables(kind, _connectionString, _schema);

        Assert.Equal("refused by a filter", Assert.Throws<NotSupportedException>(() => host.Jobs.EnqueueMany<PickyJob, string>(["good", "good", "bad"])).Message);

        Assert.Empty(await tables.QueryAsync($"SELECT id FROM {tables.Name("job")}"));
        Assert.Equal(2, host.Jobs.EnqueueMany<PickyJob, string>(["good", "good"]).Count);
    }

    private static string Wait(JobHost host, string parent, IState state)
    {
        var job = host.Storage.GetMonitoringApi().JobDetails(parent).Job;
        return host.Services.GetRequiredService<IBackgroundJobClientV2>().Create(new Job(job.Type, job.Method, [.. job.Args], job.Queue), state);
    }

    private static IEnumerable<string> HistoryOf(JobHost host, string run) => host.Storage.GetMonitoringApi().JobDetails(run).History.Select(static state => state.StateName).Reverse();

    // Before a worker takes the parent: it knows of the child from the start.
    private async Task<(string Parent, string Child)> EnqueueAsync()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        var parent = host.Jobs.Enqueue<ParentJob>();
        return (parent, host.Jobs.ContinueWith<ChildJob>(parent));
    }

    private void Once(Action fault)
    {
        var left = 1;
        BeforeTheCommitAttribute.Faults[_queue] = () =>
        {
            if (Interlocked.Decrement(ref left) == 0)
                fault();
        };
    }

    private protected Task<JobHost> StartAsync(Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        jobs => jobs.AddJob<ParentJob>().AddJob<ChildJob>().AddJob<RefusedJob>().AddJob<PickyJob>(),
        options =>
        {
            options.AppQueue = _queue;
            options.Retry.Attempts = 0;
            (options.Storage.Provider, options.Storage.ConnectionString) = (kind.ToString(), _connectionString);
            if (kind == StorageKind.PostgreSql)
                options.Storage.Schema = _schema;
            configure?.Invoke(options);
        });

    /// <summary>Ends when the test says so, for each time it is executed.</summary>
    [BeforeTheCommit]
    private protected sealed class ParentJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("parent");
            await probe.GateAsync($"parent {probe.Count("parent")}", ct);
            return probe.GateAsync("fail", ct).IsCompleted ? JobResult.Failure("as ordered") : JobResult.Success();
        }
    }

    private protected sealed class ChildJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("child");
            return Task.FromResult(JobResult.Success());
        }
    }

    [RefusedByAFilter]
    private protected sealed class RefusedJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [RefusesTheBad]
    private protected sealed class PickyJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class RefusesTheBadAttribute : JobFilterAttribute, IClientFilter
    {
        public void OnCreating(CreatingContext context)
        {
            if (context.Job.Args.Any(static argument => argument is string json && json.Contains("bad", StringComparison.Ordinal)))
                throw new NotSupportedException("refused by a filter");
        }

        public void OnCreated(CreatedContext context)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class RefusedByAFilterAttribute : JobFilterAttribute, IElectStateFilter
    {
        public RefusedByAFilterAttribute() => Order = 2000;

        public void OnStateElection(ElectStateContext context) => throw new NotSupportedException("refused by a filter");
    }

    /// <summary>Does something after all other filters have seen that a job succeeds, and before that is committed.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    private sealed class BeforeTheCommitAttribute : JobFilterAttribute, IApplyStateFilter
    {
        public BeforeTheCommitAttribute() => Order = 2000;

        public static ConcurrentDictionary<string, Action> Faults { get; } = new();

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
            if (context.NewState is SucceededState && Faults.TryGetValue(context.BackgroundJob.Job.Queue!, out var fault))
                fault();
        }

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
        }
    }
}
