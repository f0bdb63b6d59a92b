using System.Collections.Concurrent;
using Asdamir.Data.Storage;
using Hangfire.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Looks now and then whether jobs were moved away from their attempts, and cancels the tokens of those. The storage usually reports that
/// at once, see <see cref="Storage.IClaimedJob.Revoked"/>; this is for what it could not report.
/// </summary>
internal sealed class AttemptWatch(IJobClaims claims, JobThreads threads, TimeProvider time)
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
            Look();
        }
    }

    private void Look()
    {
        var attempts = _attempts.Keys.ToDictionary(static attempt => attempt.Job);
        if (attempts.Count == 0)
            return;
        try
        {
            // An attempt that has ended meanwhile has moved its job itself.
            foreach (var moved in claims.FindMoved(attempts.Keys).Select(job => attempts[job]).Where(_attempts.ContainsKey))
                moved.Abort();
        }
        catch (Exception exception)
        {
            _log.DebugException("It could not be seen whether jobs were moved away from their attempts.", exception);
        }
    }
}
