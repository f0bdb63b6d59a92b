using Asdamir.Data.HangfireJobs.Runs;
using Asdamir.Data.Storage;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>On a storage of ours, which answers from its indexes.</summary>
internal sealed class IndexedRuns(IJobSearch search) : IRunSource
{
    public int? ScanLimit => null;

    public RunListing Find(RunFilter filter, string? after, int size)
    {
        var page = search.Find(Query(filter) with { After = after, Size = size });
        return new RunListing([.. page.Jobs.Select(Summary)], page.Next, page.IsPartial);
    }

    public long Count(RunFilter filter, int limit) => search.Count(Query(filter), limit);

    private static JobQuery Query(RunFilter filter) => new()
    {
        State = filter.State?.ToString(),
        Queue = filter.App,
        Name = filter.Name,
        From = filter.From,
        To = filter.To,
        Text = filter.Text,
        OldestFirst = filter.OldestFirst,
    };

    private static RunSummary Summary(JobListItem item)
    {
        var state = Enum.TryParse<RunState>(item.State, out var known) ? known : RunState.Enqueued;
        return new RunSummary(
            item.Id, RunLookup.NameOf(new JobData { InvocationData = item.Invocation }), item.Queue, state, item.StateAt, item.CreatedAt, item.StartedAt,
            state == RunState.Failed ? item.StateData.GetValueOrDefault("ExceptionMessage") : null,
            RunSummary.ArgumentsOf(item.Invocation, null))
        {
            Server = state == RunState.Processing ? item.StateData.GetValueOrDefault("ServerId") : null,
        };
    }
}
