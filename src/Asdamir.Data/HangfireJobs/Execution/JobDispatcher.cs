using Asdamir.Data.Storage;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Executes the jobs of a server on a storage of ours, in place of Hangfire's workers: claims as many jobs as it has free slots, starts
/// each at once, and awaits it. A job that waits holds no thread.
/// </summary>
/// <param name="storage">Where the jobs are claimed.</param>
/// <param name="queues">The queues of the server.</param>
/// <param name="concurrency">How many jobs are executed at once.</param>
/// <param name="parts">What an attempt needs.</param>
internal sealed class JobDispatcher(IClaimingJobStorage storage, IReadOnlyList<string> queues, int concurrency, AttemptParts parts)
    : IBackgroundProcessAsync
{
    public async Task ExecuteAsync(BackgroundProcessContext context)
    {
        using var slots = new JobSlots(concurrency);
        // As long as jobs are executed: what revokes a claim comes through them.
        using var claims = storage.OpenClaims(queues, context.ServerId);
        using var ended = new CancellationTokenSource();
        var watch = new AttemptWatch(claims, parts.Threads, parts.Time);
        var watching = watch.WatchAsync(ended.Token);
        try
        {
            var manyWait = false;
            while (true)
            {
                var free = await slots.TakeAsync(manyWait, context.StoppingToken).ConfigureAwait(false);
                IReadOnlyList<IClaimedJob> claimed = [];
                try
                {
                    claimed = await claims.ClaimAsync(free, context.StoppingToken).ConfigureAwait(false);
                }
                finally
                {
                    slots.Release(free - claimed.Count);
                }
                manyWait = claimed.Count == free;
                foreach (var job in claimed)
                    _ = new JobAttempt(parts, context, slots, watch, job).ExecuteAsync();
            }
        }
        finally
        {
            // The server has ended when its jobs have.
            await slots.AllFreeAsync().ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }
}
