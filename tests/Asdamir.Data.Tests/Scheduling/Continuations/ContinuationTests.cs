using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Scheduling.Continuations;

/// <summary>What tests of continuations share: a host on an empty storage whose parent jobs end when the test says so.</summary>
public abstract class ContinuationTests(StorageKind kind) : IAsyncLifetime
{
    private static int _lastQueue;

    private readonly TemporaryFolder _folder = new();
    private readonly string _queue = $"q{Interlocked.Increment(ref _lastQueue)}{kind.ToString().ToLowerInvariant()[0]}";
    private string _connectionString = "";
    private string _schema = "";

    protected StorageKind Kind => kind;

    private protected string ConnectionString => _connectionString;

    private protected string Schema => _schema;

    public async ValueTask InitializeAsync()
    {
        if (kind == StorageKind.Sqlite)
            _connectionString = _folder.Sqlite();
        else if (kind == StorageKind.PostgreSql)
        {
            (_connectionString, _schema) = ((await SharedPostgres.GetAsync()).ConnectionString,
                (await SharedPostgres.GetAsync()).NewSchema());
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        BeforeTheCommitAttribute.Faults.TryRemove(_queue, out _);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected static string Wait(JobHost host, string parent, IState state)
    {
        var job = host.Storage.GetMonitoringApi().JobDetails(parent).Job;
        return host.Services.GetRequiredService<IBackgroundJobClientV2>()
            .Create(new Job(job.Type, job.Method, [.. job.Args], job.Queue), state);
    }

    private protected static IEnumerable<string> HistoryOf(JobHost host, string jobId) =>
        host.Storage.GetMonitoringApi().JobDetails(jobId).History.Select(static state => state.StateName).Reverse();

    // Before a worker takes the parent: it knows of the child from the start.
    private protected async Task<(string Parent, string Child)> EnqueueAsync()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        var parent = host.Jobs.Enqueue<ParentJob>();
        return (parent, host.Jobs.ContinueWith<ChildJob>(parent));
    }

    private protected void Once(Action fault)
    {
        var left = 1;
        BeforeTheCommitAttribute.Faults[_queue] = () =>
        {
            if (Interlocked.Decrement(ref left) == 0)
                fault();
        };
    }

    private protected Task<JobHost> StartAsync(Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        AddJobs,
        options =>
        {
            options.AppQueue = _queue;
            options.Retry.Attempts = 0;
            options.Storage.Provider = kind.ToString();
            options.Storage.ConnectionString = _connectionString;
            if (kind == StorageKind.PostgreSql)
                options.Storage.Schema = _schema;
            configure?.Invoke(options);
        });

    private protected virtual void AddJobs(IHangfireJobsBuilder jobs) =>
        jobs.AddJob<ParentJob>().AddJob<ChildJob>().AddJob<RefusedJob>().AddJob<PickyJob>();

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
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class RefusesTheBadAttribute : JobFilterAttribute, IClientFilter
    {
        public void OnCreating(CreatingContext context)
        {
            if (context.Job.Args.Any(static argument => argument is string json && json.Contains("wrong", StringComparison.Ordinal)))
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
