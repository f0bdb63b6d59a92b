using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on jobs: one, several, or all that match, in chunks that report their progress.</summary>
internal sealed class StoredJobAction(JobsActionKind kind, JobListReader jobs, JobTransitions transitions)
{
    // A storage commits concurrent changes together. Few enough for the connections of a small pool.
    private const int MaxConcurrency = 4;
    private const int ChunkSize = 50;

    /// <param name="seen">The jobs, each with the state it was seen in.</param>
    public async Task<JobActionResult> OnJobsAsync(
        IEnumerable<(string Id, string? Expected)> seen, string? reason, Func<string, bool> isMine, IProgress<JobActionResult>? progress,
        CancellationToken cancellationToken)
    {
        var tally = new ActionTally();
        foreach (var chunk in seen.DistinctBy(static job => job.Id, StringComparer.Ordinal).Chunk(ChunkSize)
            .TakeWhile(_ => !tally.HasStopped))
        {
            await DoAsync(chunk, reason, isMine, tally, progress, cancellationToken).ConfigureAwait(false);
        }
        return tally.Result;
    }

    /// <param name="filter">Which jobs; those that entered their state after <see cref="JobListFilter.To"/> are left unchanged.</param>
    /// <param name="name">Gets the ids of the next jobs before anything is done to them. If it throws, the action ends there.</param>
    public async Task<JobActionResult> OnMatchingAsync(
        JobListFilter filter, string? reason, Func<string, bool> isMine, IProgress<JobActionResult>? progress,
        CancellationToken cancellationToken,
        Func<IReadOnlyList<string>, ValueTask>? name = null)
    {
        var tally = new ActionTally();
        using var chunks = jobs.Chunks(filter).GetEnumerator();
        while (!tally.HasStopped && await DedicatedThread.RunAsync(chunks.MoveNext, CancellationToken.None).ConfigureAwait(false))
        {
            var chunk = chunks.Current;
            try
            {
                if (name is not null)
                    await name([.. chunk.Select(static job => job.Id)]).ConfigureAwait(false);
            }
            catch (Exception)
            {
                tally.Stop(chunk[0].Id, "The audit did not accept this job");
                break;
            }
            var shown = chunk.Select(static job => (job.Id, (string?)job.State.ToString()));
            await DoAsync([.. shown], reason, isMine, tally, progress, cancellationToken).ConfigureAwait(false);
        }
        return tally.Result;
    }

    private async Task DoAsync(
        (string Id, string? Expected)[] seen, string? reason, Func<string, bool> isMine, ActionTally tally,
        IProgress<JobActionResult>? progress,
        CancellationToken cancellationToken)
    {
        var results = new JobActionResult[seen.Length];
        var taken = 0;

        var threads = Enumerable.Range(0, Math.Min(MaxConcurrency, seen.Length));
        await Task.WhenAll(threads.Select(_ => DedicatedThread.RunAsync(Work, CancellationToken.None))).ConfigureAwait(false);

        foreach (var result in results.Take(taken))
            tally.Add(result);
        // Jobs are taken in order, so when the action stops, all jobs before this one are done and none after it.
        if (taken < seen.Length)
            tally.Stop(seen[taken].Id, "The action was stopped before this job");
        progress?.Report(tally.Result);

        void Work()
        {
            while (Take() is { } index)
                results[index] = Try(seen[index].Id, reason, isMine, seen[index].Expected);
        }

        int? Take()
        {
            lock (results)
                return taken < seen.Length && !cancellationToken.IsCancellationRequested ? taken++ : null;
        }
    }

    private JobActionResult Try(string id, string? reason, Func<string, bool> isMine, string? expected)
    {
        try
        {
            return kind.Execute(transitions, id, reason, isMine, expected);
        }
        catch (Exception exception)
        {
            return JobActionResult.Error(id, exception.GetBaseException().Message);
        }
    }
}
