using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A new job as a row, with the first state it gets in the same transaction.</summary>
/// <param name="Job">The job.</param>
/// <param name="EnqueuedIn">The queue the transaction adds it to.</param>
/// <param name="Retention">How long it is kept, in microseconds.</param>
internal sealed record NewJobRow(JobWrite Job, string? EnqueuedIn, (long? Succeeded, long? Deleted, long? Failed) Retention)
{
    public long Id => Job.Id;

    public NewJob New => Job.New!;

    /// <summary>Whether the row tells the entry of the state.</summary>
    public bool IsTold => Job.HistoryChange == HistoryChange.Told;

    public long? ExpireAt => Job.Expiry switch
    {
        ExpiryChange.At => Job.ExpireAt,
        _ when Job.State is { Name: "Failed" } failed && Retention.Failed is { } kept => failed.At + kept,
        ExpiryChange.None => New.ExpireAt,
        _ => null,
    };

    public string Parameters
    {
        get
        {
            IEnumerable<KeyValuePair<string, string?>> parameters = New.Parameters;
            if (Job.Parameters is { } changed)
                parameters = parameters.Where(parameter => !changed.ContainsKey(parameter.Key)).Concat(changed);
            return Json.Write(parameters);
        }
    }

    /// <summary>The jobs that are new.</summary>
    public static List<NewJobRow> Of(
        IEnumerable<JobWrite> jobs, IReadOnlyList<WriteSet> sets, (long? Succeeded, long? Deleted, long? Failed) retention)
    {
        // For jobs that name none.
        Dictionary<long, string> queues = [];
        foreach (var (queue, jobId) in sets.SelectMany(static set => set.Enqueued))
            queues[jobId] = queue;
        return [.. jobs
            .Where(static job => job.New is not null)
            .Select(job => new NewJobRow(job, queues.GetValueOrDefault(job.Id), retention))];
    }
}
