using Asdamir.Data.Storage.Engine.Writes;

namespace Asdamir.Data.Storage.Engine.Clock;

/// <summary>Hangfire's sets of what is due, by the second in which it is due.</summary>
internal static class DueSets
{
    public const string Delayed = "schedule";
    public const string Recurring = "recurring-jobs";
    public const double MicrosPerSecond = 1_000_000;

    /// <summary>The database's time, in the unit of the scores.</summary>
    public const string Now = "(CAST({now} AS double precision) / 1000000)";

    public static DueJobs? KindOf(DataWrite write) => write switch
    {
        { Change: DataChange.SetAdd, Key: Delayed } => DueJobs.Delayed,
        // Below zero it is paused or disabled.
        { Change: DataChange.SetAdd, Key: Recurring, Score: >= 0 } => DueJobs.Recurring,
        _ => null,
    };
}
