using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists and counts jobs on any storage.</summary>
internal sealed class JobListReader(JobStorage storage, SecretMask mask)
{
    private const int ChunkSize = 200;

    public IJobListSource Source { get; } = storage is IJobSearch search ? new IndexedJobs(search, mask) : new ScannedJobs(storage, mask);

    /// <summary>
    /// All matching jobs, oldest first, in chunks that stay right while their jobs change. Of a scanned storage, those that were looked at.
    /// </summary>
    public IEnumerable<IReadOnlyList<JobSummary>> Chunks(JobListFilter filter)
    {
        var ordered = filter with { OldestFirst = true };
        if (Source.ScanLimit is { } limit)
        {
            // Its cursor counts jobs, and these leave the list while they are acted on.
            var all = Source.Find(ordered, null, limit * Enum.GetValues<JobState>().Length).Jobs;
            foreach (var chunk in all.Chunk(ChunkSize))
                yield return chunk;
            yield break;
        }
        for (string? after = null; ;)
        {
            var page = Source.Find(ordered, after, ChunkSize);
            if (page.Jobs.Count > 0)
                yield return page.Jobs;
            if (page.Next is null)
                yield break;
            after = page.Next;
        }
    }
}
