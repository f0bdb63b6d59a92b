using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>
/// On a storage of ours, which answers from its indexes. A search for a text finds what is shown: the storage also knows what the
/// mask hides, and neither a job nor a count or a cursor may tell it.
/// </summary>
internal sealed class IndexedJobs(IJobSearch search, SecretMask mask) : IJobListSource
{
    private const int TextPage = 200;
    private const int MostLookedAt = 4_000;

    public int? ScanLimit => null;

    public JobListing Find(JobListFilter filter, string? after, int size)
    {
        if (filter.Text is { Length: > 0 } text)
            return Find(Query(filter), text, after, size);
        var page = search.Find(Query(filter) with { After = after, Size = size });
        return Listing([.. page.Jobs.Select(Summary)], page.Next, page.IsPartial);
    }

    public long Count(JobListFilter filter, int limit) =>
        filter.Text is { Length: > 0 } text ? Find(Query(filter), text, null, Math.Min(limit, MostLookedAt)).Jobs.Count : search.Count(Query(filter), limit);

    private JobListing Find(JobQuery query, string text, string? after, int size)
    {
        List<JobSummary> found = [];
        for (var looked = 0; ;)
        {
            var page = search.Find(query with { After = after, Size = TextPage });
            List<int> shown = [.. Enumerable.Range(0, page.Jobs.Count).Where(i => Shows(page.Jobs[i], text))];
            // A cursor stands at the end of a page, so the page ends with the last job that is wanted.
            if (shown.Count > size - found.Count)
            {
                page = search.Find(query with { After = after, Size = shown[size - found.Count - 1] + 1 });
                shown.RemoveRange(size - found.Count, shown.Count - size + found.Count);
            }
            found.AddRange(shown.Where(i => i < page.Jobs.Count).Select(i => Summary(page.Jobs[i])));
            looked += page.Jobs.Count;
            after = page.Next;
            if (after is null || page.IsPartial || found.Count >= size)
                return Listing(found, after, page.IsPartial);
            if (looked >= MostLookedAt)
                return Listing(found, null, isPartial: true);
        }
    }

    private static JobListing Listing(IReadOnlyList<JobSummary> jobs, string? next, bool isPartial) => new() { Jobs = jobs, Next = next, IsPartial = isPartial };

    private bool Shows(JobListItem item, string text) =>
        item.Id == text
        || Holds(NameOf(item), text)
        || Holds(mask.Of(StoredArguments.Of(item.Invocation, null)), text)
        || mask.Of(item.StateData).Values.Any(value => Holds(value, text) || Holds(JobLookup.ResultOf(value), text));

    private static bool Holds(string? shown, string text) => shown?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    private static string NameOf(JobListItem item) => JobLookup.NameOf(new JobData { InvocationData = item.Invocation });

    private static JobQuery Query(JobListFilter filter) => new()
    {
        State = filter.State?.ToString(),
        Queue = filter.App,
        Name = filter.Name,
        From = filter.From,
        To = filter.To,
        Text = filter.Text,
        OldestFirst = filter.OldestFirst,
    };

    private JobSummary Summary(JobListItem item)
    {
        var state = Enum.TryParse<JobState>(item.State, out var known) ? known : JobState.Enqueued;
        return new JobSummary
        {
            Id = item.Id,
            Name = NameOf(item),
            App = item.Queue,
            State = state,
            StateAt = item.StateAt,
            CreatedAt = item.CreatedAt,
            StartedAt = item.StartedAt,
            Error = state == JobState.Failed ? mask.Of(item.StateData.GetValueOrDefault("ExceptionMessage")) : null,
            Arguments = mask.Of(StoredArguments.Of(item.Invocation, null)),
            Server = state == JobState.Processing ? item.StateData.GetValueOrDefault("ServerId") : null,
        };
    }
}
