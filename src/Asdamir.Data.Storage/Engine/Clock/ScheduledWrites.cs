using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Clock;

/// <summary>Recognises writes that schedule a job.</summary>
internal static class ScheduledWrites
{
    public static DueJobs? KindOf(DataWrite write) => write switch
    {
        { Change: DataChange.SetAdd, Key: DueSets.Delayed } => DueJobs.Delayed,
        // Below zero it is paused or disabled.
        { Change: DataChange.SetAdd, Key: DueSets.Recurring, Score: >= 0 } => DueJobs.Recurring,
        _ => null,
    };
}
