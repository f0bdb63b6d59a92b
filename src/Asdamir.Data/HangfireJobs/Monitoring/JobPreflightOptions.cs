namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>How much a preflight reads.</summary>
public sealed record JobPreflightOptions
{
    private int _mostJobs = 200_000;

    /// <summary>
    /// How many jobs of each state are read at most, half of them the oldest and half the newest. The default value is 200,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int MostJobs
    {
        get => _mostJobs;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _mostJobs = value;
        }
    }
}
