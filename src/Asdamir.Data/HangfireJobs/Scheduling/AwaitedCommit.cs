using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Carries out work that blocks on a storage, so that no thread waits for its commit where the storage allows it.</summary>
internal static class AwaitedCommit
{
    /// <param name="storage">Where the work is done; on a storage without batches, all of it on a thread of the pool.</param>
    /// <param name="work">Writes through the storage it is given.</param>
    /// <param name="jobs">How many jobs it creates.</param>
    /// <param name="reads">Whether it also reads or locks, which blocks: it is given a thread of the pool until its commit.</param>
    /// <param name="cancellationToken">Has an effect until the commit begins.</param>
    public static async Task<T> ExecuteAsync<T>(
        JobStorage storage, Func<JobStorage, T> work, int jobs, bool reads, CancellationToken cancellationToken)
    {
        if (storage is not IBatchingJobStorage batching)
            return await Task.Run(() => work(storage), cancellationToken).ConfigureAwait(false);
        var batch = await batching.CreateBatchAsync(jobs, cancellationToken).ConfigureAwait(false);
        await using var _ = batch.ConfigureAwait(false);
        var result = reads ? await Task.Run(() => work(batch), cancellationToken).ConfigureAwait(false) : work(batch);
        await batch.CommitAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }
}
