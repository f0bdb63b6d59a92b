using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Actions on many jobs that go on after their request was answered. Kept in this process; the audit is what lasts.</summary>
internal sealed class Operations(TimeProvider time)
{
    private const int MaxKept = 200;
    private const int MaxTarget = 2_000;

    private readonly ConcurrentDictionary<Guid, Operation> _operations = new();

    public Operation Start(JobAction action, Func<IProgress<JobActionReport>, JobActionReport> work)
    {
        // The audit has all of it.
        var kept = action.Target.Length > MaxTarget ? action with { Target = action.Target[..MaxTarget] + "…" } : action;
        var operation = new Operation(kept, time.GetUtcNow());
        _operations[action.Id] = operation;
        foreach (var old in _operations.Values.Where(static one => one.IsFinished).OrderBy(static one => one.StartedAt).Take(Math.Max(_operations.Count - MaxKept, 0)))
            _operations.TryRemove(old.Action.Id, out _);
        _ = Detached.Start(() => Task.Factory.StartNew(() => Run(operation, work), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        return operation;
    }

    public Operation? Find(Guid id) => _operations.GetValueOrDefault(id);

    /// <summary>Waits until all are finished, but not longer than that.</summary>
    public Task WaitAsync(TimeSpan most) => Task.WhenAll(_operations.Values.Where(static one => !one.IsFinished).Select(one => one.WaitAsync(most)));

    private static void Run(Operation operation, Func<IProgress<JobActionReport>, JobActionReport> work)
    {
        try
        {
            operation.Finish(work(operation), null);
        }
        catch (Exception exception)
        {
            operation.Finish(null, (exception is AuditUnavailableException ? exception : exception.GetBaseException()).Message);
        }
    }
}

/// <summary>One such action with its progress.</summary>
internal sealed class Operation(JobAction action, DateTimeOffset startedAt) : IProgress<JobActionReport>
{
    private volatile JobActionReport _report = new(0, 0, 0, []);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobAction Action => action;

    public DateTimeOffset StartedAt => startedAt;

    public JobActionReport Progress => _report;

    public bool IsFinished => _finished.Task.IsCompleted;

    public string? Error { get; private set; }

    /// <summary>Waits until it is finished, but not longer than that.</summary>
    public Task WaitAsync(TimeSpan most) => Task.WhenAny(_finished.Task, Task.Delay(most));

    public void Report(JobActionReport value) => _report = value;

    public void Finish(JobActionReport? report, string? error)
    {
        _report = report ?? _report;
        Error = error;
        _finished.SetResult();
    }
}
