namespace Asdamir.Data.Storage;

/// <summary>A job of a workflow.</summary>
public sealed record JobWorkflowMember
{
    /// <summary>The id of the job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its name; empty when the job is gone.</summary>
    public required string Name { get; init; }

    /// <summary>Its state, as Hangfire names it; <see langword="null"/> when the job is gone.</summary>
    public required string? State { get; init; }

    /// <summary>When it entered this state, in UTC.</summary>
    public required DateTime? StateAt { get; init; }

    /// <summary>For how many other jobs it waits.</summary>
    public required long Open { get; init; }
}
