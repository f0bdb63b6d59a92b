namespace Asdamir.Data.Storage.Engine.Clock;

/// <summary>How soon the clock reads again without a wake-up, which may be lost, and after a jump of the database's time.</summary>
/// <param name="Pending">While something is scheduled, or no process can be woken.</param>
/// <param name="Quiet">While nothing is scheduled.</param>
internal sealed record ClockPace(TimeSpan Pending, TimeSpan Quiet)
{
    public static readonly ClockPace Default = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
}
