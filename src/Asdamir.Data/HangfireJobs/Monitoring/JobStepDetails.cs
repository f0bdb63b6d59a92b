namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A step that a job has done, see <see cref="IJobContext.StepAsync{T}"/>.</summary>
public sealed record JobStepDetails
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was done (UTC).</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The number of the attempt that did it.</summary>
    public required int Attempt { get; init; }

    /// <summary>Its result as JSON, with secrets masked; <see langword="null"/> when it returned nothing.</summary>
    public string? Result { get; init; }
}
