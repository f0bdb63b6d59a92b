namespace Asdamir.Data.HangfireJobs;

/// <summary>When a job starts. Without any of these options it starts as soon as a worker is free.</summary>
/// <remarks>
/// At most one of <see cref="RunAt"/>, <see cref="Delay"/> and <see cref="After"/> may be set; otherwise the call throws an
/// <see cref="ArgumentException"/> that names both.
/// </remarks>
public sealed record JobOptions
{
    /// <summary>
    /// The time at which the job becomes due, up to the year 9998. A time in the past, also <see langword="default"/>, makes it due now.
    /// The default value is <see langword="null"/>: no time.
    /// </summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>
    /// How long after the call the job becomes due, up to the year 9998. Zero or less makes it due now. The default value is
    /// <see langword="null"/>: no delay.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>
    /// The id of a job of this app that must end first. The default value is <see langword="null"/>: the job waits for none.
    /// </summary>
    public string? After { get; init; }

    /// <summary>
    /// Which end of <see cref="After"/> starts the job; only together with <see cref="After"/>. The default value is
    /// <see langword="null"/>: <see cref="ContinueOn.Success"/>.
    /// </summary>
    public ContinueOn? Condition { get; init; }
}
