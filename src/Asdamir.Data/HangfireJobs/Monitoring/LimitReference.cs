namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A limit that an action is meant for.</summary>
public sealed record LimitReference
{
    /// <summary>The queue of its app.</summary>
    public required string Queue { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}
