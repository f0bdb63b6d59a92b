using Asdamir.Data.HangfireJobs.Runs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Lists and counts runs on any storage.</summary>
internal sealed class RunsReader(JobStorage storage, SecretMask mask)
{
    private const int ChunkSize = 200;

    public IRunSource Source { get; } = storage is IJobSearch search ? new IndexedRuns(search, mask) : new ScannedRuns(storage, mask);

    /// <summary>All matching runs, oldest first, in chunks that stay right while their runs change. Of a scanned storage, those that were looked at.</summary>
    public IEnumerable<IReadOnlyList<RunSummary>> Chunks(RunFilter filter)
    {
        var ordered = filter with { OldestFirst = true };
        if (Source.ScanLimit is { } limit)
        {
            // Its cursor counts runs, and these leave the list while they are acted on.
            var all = Source.Find(ordered, null, limit * Enum.GetValues<RunState>().Length).Runs;
            foreach (var chunk in all.Chunk(ChunkSize))
                yield return chunk;
            yield break;
        }
        for (string? after = null; ;)
        {
            var page = Source.Find(ordered, after, ChunkSize);
            if (page.Runs.Count > 0)
                yield return page.Runs;
            if (page.Next is null)
                yield break;
            after = page.Next;
        }
    }
}
