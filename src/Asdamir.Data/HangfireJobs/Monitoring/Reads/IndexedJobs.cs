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
    public int? ScanLimit => null;

    public JobListing Find(JobListFilter filter, string? after, int size)
    {
        var page = search.Find(Query(filter) with { After = after, Size = size });
        return new JobListing { Jobs = [.. page.Jobs.Select(Summary)], Next = page.Next, IsPartial = page.IsPartial };
    }

    public long Count(JobListFilter filter, int limit) => search.Count(Query(filter), limit);

    private bool Shows(JobListItem item, string text) =>
        item.Id == text
        || Holds(NameOf(item), text)
        || Holds(mask.Of(StoredArguments.Of(item.Invocation, null)), text)
        || mask.Of(item.StateData).Values.Any(value => Holds(value, text) || Holds(JobLookup.ResultOf(value), text));

    private static bool Holds(string? shown, string text) => shown?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    private static string NameOf(JobListItem item) => JobLookup.NameOf(new JobData { InvocationData = item.Invocation });

    private JobQuery Query(JobListFilter filter) => new()
    {
        State = filter.State?.ToString(),
        Queue = filter.App,
        Name = filter.Name,
        Fingerprint = filter.Fingerprint,
        Retries = filter.Retries,
        From = filter.From,
        To = filter.To,
        Text = filter.Text,
        Accepts = filter.Text is { Length: > 0 } text ? item => Shows(item, text) : null,
        OldestFirst = filter.OldestFirst,
    };

    private JobSummary Summary(JobListItem item)
    {
        var state = Enum.TryParse<JobState>(item.State, out var known) ? known : JobState.Enqueued;
        var stored = new StoredState(state, item.StateData);
        return new JobSummary
        {
            Id = item.Id,
            Name = NameOf(item),
            App = item.Queue,
            State = state,
            StateAt = item.StateAt,
            CreatedAt = item.CreatedAt,
            StartedAt = item.StartedAt,
            DueAt = stored.DueAt,
            Attempt = JobParameters.RetriesOf(item.Parameters.GetValueOrDefault(JobParameters.RetryCount)) + 1,
            Duration = stored.Duration(item.StateAt, item.StartedAt),
            Latency = stored.Latency,
            ErrorType = stored.ErrorType,
            Error = mask.Of(stored.Error),
            Fingerprint = stored.Fingerprint,
            Arguments = mask.Of(StoredArguments.Of(item.Invocation, null)),
            Priority = item.Priority,
            Server = state == JobState.Processing ? item.StateData.GetValueOrDefault("ServerId") : null,
        };
    }
}
