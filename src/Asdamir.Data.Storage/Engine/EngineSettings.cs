using Asdamir.Data.Storage.Engine.Clock;

namespace Asdamir.Data.Storage.Engine;

/// <summary>The settings of an engine.</summary>
internal sealed class EngineSettings(TimeSpan leaseTimeout, TimeSpan pollInterval)
{
    public TimeSpan LeaseTimeout => leaseTimeout;

    public TimeSpan PollInterval => pollInterval;

    /// <summary>How soon the clock reads without a wake-up.</summary>
    public ClockPace ClockPace { get; set; } = ClockPace.Default;
}
