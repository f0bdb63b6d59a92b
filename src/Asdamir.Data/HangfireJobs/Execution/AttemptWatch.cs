using System.Collections.Concurrent;
using Hangfire.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Looks now and then whether jobs were moved away from their attempts, and cancels the tokens of those. The storage usually reports that
/// at once, see <see cref="Storage.IClaimedJob.Revoked"/>; this is for what it could not report.
/// </summary>
internal sealed class AttemptWatch(JobThreads threads, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ILog _log = LogProvider.GetLogger(typeof(JobDispatcher));
    private readonly ConcurrentDictionary<AttemptToken, bool> _attempts = [];

    public void Add(AttemptToken attempt) => _attempts.TryAdd(attempt, true);

    public void Remove(AttemptToken attempt) => _attempts.TryRemove(attempt, out _);

    /// <summary>Looks until the token is cancelled.</summary>
    public async Task WatchAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await threads.SwitchTo(this);
            foreach (var attempt in _attempts.Keys)
                Look(attempt);
        }
    }

    private void Look(AttemptToken attempt)
    {
        try
        {
            attempt.AbortIfMoved();
        }
        catch (Exception exception)
        {
            _log.DebugException("It could not be seen whether a job was moved away from its attempt.", exception);
        }
    }
}
