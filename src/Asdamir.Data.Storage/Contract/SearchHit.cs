using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A job that a search has found.</summary>
/// <param name="At">The time by which it is found: of its state, or of its row in a queue.</param>
/// <param name="QueueRow">That row.</param>
internal sealed record SearchHit(long At, long Id, long? QueueRow, JobListItem Item)
{
    public static SearchHit Of(FoundJob found, string state) => new(found.At, found.Job.Row.Id, found.QueueRow, new JobListItem
    {
        Id = JobIds.Format(found.Job.Row.Id),
        Name = found.Name,
        Queue = found.Queue,
        State = state,
        StateAt = Micros.ToUtc(found.At),
        Reason = found.Job.State.Reason,
        StateData = found.Job.State.Data,
        StartedAt = found.StartedAt,
        CreatedAt = found.Job.Row.CreatedAt,
        Parameters = found.Job.Row.Parameters,
        Priority = JobPriority.Read(found.Job.Row.Parameters.GetValueOrDefault(JobPriority.Parameter)),
        Invocation = JobReader.InvocationOf(found.Job.Row.Invocation),
    });
}
