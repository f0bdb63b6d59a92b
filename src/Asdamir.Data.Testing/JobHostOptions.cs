namespace Asdamir.Data.Testing;

/// <summary>The settings of a <see cref="JobHost"/>.</summary>
public sealed record JobHostOptions
{
    /// <summary>
    /// The time of <see cref="JobHost.Clock"/> at the start. The default value is <see langword="null"/>: the time of the system. Ignored
    /// where the app has its own <c>FakeTimeProvider</c>, which the host uses.
    /// </summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>
    /// How long an attempt of a job may take by the clock on the wall, so that a job that never ends fails its test. Without a limit while
    /// a debugger is attached. The default value is 30 seconds.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many jobs <see cref="JobHost.DrainAsync"/> and <see cref="JobHost.AdvanceAsync"/> execute at most in one call, so that jobs that
    /// enqueue each other fail their test. The default value is 1,000.
    /// </summary>
    public int MaxRuns { get; init; } = 1_000;
}
