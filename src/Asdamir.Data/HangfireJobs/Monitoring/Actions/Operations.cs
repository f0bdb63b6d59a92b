using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Actions that continue after their request was answered. They are kept in memory only; the audit is permanent.</summary>
internal sealed class Operations(TimeProvider time)
{
    private const int MaxKept = 200;
    private const int MaxTarget = 2_000;

    private readonly ConcurrentDictionary<Guid, Operation> _operations = new();

    public Operation Start(JobAction action, Func<IProgress<JobActionResult>, Task<JobActionResult>> work)
    {
        // The audit keeps the whole target.
        var kept = action.Target.Length > MaxTarget ? action with { Target = action.Target[..MaxTarget] + "…" } : action;
        var operation = new Operation(kept, time.GetUtcNow());
        _operations[action.Id] = operation;
        foreach (var old in _operations.Values.Where(static one => one.IsFinished).OrderBy(static one => one.StartedAt).Take(Math.Max(_operations.Count - MaxKept, 0)))
            _operations.TryRemove(old.Action.Id, out _);
        _ = Detached.Start(() => Task.Run(() => RunAsync(operation, work)));
        return operation;
    }

    public Operation? Find(Guid id) => _operations.GetValueOrDefault(id);

    /// <summary>Waits until all are finished, but not longer than <paramref name="most"/>.</summary>
    public Task WaitAsync(TimeSpan most) => Task.WhenAll(_operations.Values.Where(static one => !one.IsFinished).Select(one => one.WaitAsync(most)));

    private static async Task RunAsync(Operation operation, Func<IProgress<JobActionResult>, Task<JobActionResult>> work)
    {
        try
        {
            operation.Finish(await work(operation).ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            operation.Finish(null, (exception is AuditUnavailableException ? exception : exception.GetBaseException()).Message);
        }
    }
}

/// <summary>One such action with its progress.</summary>
internal sealed class Operation(JobAction action, DateTimeOffset startedAt) : IProgress<JobActionResult>
{
    private volatile JobActionResult _result = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobAction Action => action;

    public DateTimeOffset StartedAt => startedAt;

    public JobActionResult Progress => _result;

    public bool IsFinished => _finished.Task.IsCompleted;

    public string? Error { get; private set; }

    /// <summary>Waits until it is finished, but not longer than <paramref name="most"/>.</summary>
    public Task WaitAsync(TimeSpan most) => Task.WhenAny(_finished.Task, Task.Delay(most));

    public void Report(JobActionResult value) => _result = value;

    public void Finish(JobActionResult? result, string? error)
    {
        _result = result ?? _result;
        Error = error;
        _finished.SetResult();
    }
}
