namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>How long the mark of a writer in the row of a job counts.</summary>
internal static class RowLockTimes
{
    /// <summary>
    /// A locked_until further ahead, in microseconds, was not written by this package, or the clock was set back since: it is ignored.
    /// It is beyond the validity of a lock, because a statement that waits for the row compares with the time at which it began.
    /// </summary>
    public const string Longest = "60000000";
}
