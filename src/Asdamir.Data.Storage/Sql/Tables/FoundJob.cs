using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A job that a search has found.</summary>
/// <param name="At">The time by which it is found: of its state, or of its row in a queue.</param>
/// <param name="QueueRow">That row.</param>
internal sealed record FoundJob(ListedJob Job, string Name, string Queue, long At, long? QueueRow, DateTime? StartedAt)
{
    public const string Columns = $"{ListedJob.Columns}, j.name, j.queue, j.at, j.queue_row, {CurrentState.StartedAt}";

    public static FoundJob Read(DbDataReader row) => new(
        ListedJob.Read(row), row.GetString(ListedJob.Count), row.GetString(ListedJob.Count + 1),
        row.NumberOrNull(ListedJob.Count + 2) ?? 0, row.NumberOrNull(ListedJob.Count + 3), row.TimeOrNull(ListedJob.Count + 4));
}
