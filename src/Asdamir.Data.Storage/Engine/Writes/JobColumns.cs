using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A new job as a row, with the first state it gets in the same transaction.</summary>
internal sealed record JobColumns(
    long Id, long Version, long CreatedAt, long? ExpireAt, string Queue, string Name, StateWrite? State, JobCall Invocation,
    string? Arguments, string Parameters)
{
    /// <summary>The entry of the history that the row tells.</summary>
    public StateWrite? Enqueued { get; private init; }

    /// <summary>The data of the state, unless the row has it in that entry.</summary>
    public string? StateData => Enqueued is null ? State?.Data : null;

    private const string DefaultQueue = "default";

    /// <summary>The queues of enqueued jobs, for jobs that name none.</summary>
    public static Dictionary<long, string> QueuesOf(IReadOnlyList<WriteSet> sets)
    {
        Dictionary<long, string> queues = [];
        foreach (var (queue, jobId) in sets.SelectMany(static set => set.Enqueued))
            queues[jobId] = queue;
        return queues;
    }

    public static JobColumns Of(JobWrite job, Dictionary<long, string> queues, long? keepFailed)
    {
        var created = job.New!;
        IEnumerable<KeyValuePair<string, string?>> parameters = created.Parameters;
        if (job.Parameters is { } changed)
            parameters = parameters.Where(parameter => !changed.ContainsKey(parameter.Key)).Concat(changed);
        return new JobColumns(
            job.Id,
            job.Changes,
            created.CreatedAt,
            job.Expiry switch
            {
                ExpiryChange.At => job.ExpireAt,
                _ when job.State is { Name: "Failed" } failed && keepFailed is not null => failed.At + keepFailed,
                ExpiryChange.None => created.ExpireAt,
                _ => null,
            },
            StorableText.Of(created.Invocation.Queue ?? queues.GetValueOrDefault(job.Id, DefaultQueue)),
            created.Name,
            job.State,
            created.Invocation,
            StorableText.OrNull(created.Invocation.Arguments),
            Json.Write(parameters))
        {
            Enqueued = job.HistoryChange == HistoryChange.Told ? job.State : null,
        };
    }
}
