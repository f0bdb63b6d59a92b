using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Upkeep;

/// <summary>One round of the upkeep.</summary>
internal sealed class UpkeepWork(JobDatabase database)
{
    private const int Batch = 1_000;
    private static readonly TimeSpan ClosedConnectionRetention = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether there is something to do. Rows of closed commit connections are no reason: only a schema that is in use has any.
    /// </summary>
    public bool IsNeeded() => ExpiredRows.Any(database);

    /// <returns>The number of processed rows; 0 when nothing is left to do.</returns>
    public long DoBatch() =>
        Conflicts.Retry(database, () => ExpiredRows.DeleteJobs(database, Batch))
        + FoldCounters()
        + ExpiredRows.DeleteKeyed(database, Batch)
        + database.DeleteClosedCommitConnections(ClosedConnectionRetention);

    // A handful of values is no reason for another round.
    private long FoldCounters() =>
        Conflicts.Retry(database, () => CounterTable.Fold(database, Batch)) is Batch and var folded ? folded : 0;
}
