using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine;

/// <summary>The settings of an engine.</summary>
internal sealed class EngineSettings(TimeSpan leaseTimeout, TimeSpan pollInterval, EnqueuedData enqueued)
{
    public TimeSpan LeaseTimeout => leaseTimeout;

    public TimeSpan PollInterval => pollInterval;

    public EnqueuedData Enqueued => enqueued;

    /// <summary>How soon the clock reads without a wake-up.</summary>
    public ClockPace ClockPace { get; set; } = ClockPace.Default;
}
