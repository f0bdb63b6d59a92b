namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A job of a workflow.</summary>
public sealed record WorkflowMember
{
    /// <summary>The id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its job type; empty when the job is gone.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its state, usually one of <see cref="JobState"/>; <see langword="null"/> when the job is gone.</summary>
    public string? State { get; init; }

    /// <summary>When it entered this state (UTC); <see langword="null"/> when the job is gone.</summary>
    public DateTimeOffset? StateAt { get; init; }

    /// <summary>For how many other jobs it waits.</summary>
    public required long WaitsFor { get; init; }
}
