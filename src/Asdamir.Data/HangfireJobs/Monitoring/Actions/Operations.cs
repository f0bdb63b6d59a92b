using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Actions that continue after their request was answered. They are kept in memory only; the audit is permanent.</summary>
/// <param name="mask">Hides secrets in errors.</param>
internal sealed class Operations(SecretMask mask)
{
    private const int MaxKept = 200;
    private const int MaxTarget = 2_000;

    private readonly ConcurrentDictionary<Guid, JobOperation> _operations = new();

    public IReadOnlyCollection<JobOperation> All => [.. _operations.Values];

    public JobOperation Start(JobAction action, Func<IProgress<JobActionResult>, Task<JobActionResult>> work)
    {
        // The audit keeps the whole target.
        var kept = action.Target.Length > MaxTarget ? action with { Target = action.Target[..MaxTarget] + "…" } : action;
        var operation = new JobOperation(kept);
        _operations[action.Id] = operation;
        var finished = _operations.Values.Where(static one => one.IsFinished).OrderBy(static one => one.Action.At);
        foreach (var old in finished.Take(Math.Max(_operations.Count - MaxKept, 0)))
            _operations.TryRemove(old.Action.Id, out _);
        _ = Detached.Start(() => Task.Run(() => RunAsync(operation, work)));
        return operation;
    }

    public JobOperation? Find(Guid id) => _operations.GetValueOrDefault(id);

    private async Task RunAsync(JobOperation operation, Func<IProgress<JobActionResult>, Task<JobActionResult>> work)
    {
        try
        {
            operation.Finish(await work(new Reporter(operation)).ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            operation.Finish(null, mask.Of((exception is JobAuditException ? exception : exception.GetBaseException()).Message));
        }
    }

    // Not Progress<T>, which reports on other threads and so out of order.
    private sealed class Reporter(JobOperation operation) : IProgress<JobActionResult>
    {
        public void Report(JobActionResult value) => operation.Report(value);
    }
}
