namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Hangfire's sets of what is due, by the second in which it is due, and of what waits for other jobs.</summary>
internal static class DueSets
{
    public const string Delayed = "schedule";
    public const string Awaiting = "awaiting";
    public const string Recurring = "recurring-jobs";
    public const double MicrosPerSecond = 1_000_000;

    /// <summary>The database's time, in the unit of the scores.</summary>
    public const string Now = "(CAST({now} AS double precision) / 1000000)";
}
