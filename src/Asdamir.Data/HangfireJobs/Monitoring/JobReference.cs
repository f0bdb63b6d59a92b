namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A job that an action is meant for.</summary>
public sealed record JobReference
{
    /// <summary>The id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The state it was seen in; in any other state it is skipped. <see langword="null"/> (the default) for any state that permits the
    /// action.
    /// </summary>
    public string? ExpectedState { get; init; }
}
