namespace Asdamir.Data.Storage;

/// <summary>A job for which a job of a workflow has waited.</summary>
public sealed record JobWorkflowParent
{
    /// <summary>The id of the job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its state, as Hangfire names it.</summary>
    public required string? State { get; init; }

    /// <summary>What it returned, as Hangfire stores it with Succeeded; <see langword="null"/> for nothing.</summary>
    public string? Result { get; init; }
}
