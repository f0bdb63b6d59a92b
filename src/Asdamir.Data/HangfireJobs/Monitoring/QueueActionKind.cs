using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A kind of action on a queue.</summary>
internal sealed record QueueActionKind
{
    /// <param name="pauses">Pauses and resumes.</param>
    /// <param name="request">What is asked for; its queue is set.</param>
    /// <returns><see langword="false"/> when the state of the queue refuses it.</returns>
    public delegate bool Action(IJobPauses pauses, JobActionRequest request);

    public required JobActionKind Kind { get; init; }

    /// <summary>What it is called in the API's routes.</summary>
    public required string Verb { get; init; }

    /// <summary>What it does, for the API's document.</summary>
    public required string Summary { get; init; }

    /// <summary>More about it, for the API's document.</summary>
    public required string Details { get; init; }

    /// <summary>Whether it may have an end.</summary>
    public bool HasEnd { get; init; }

    /// <summary>Why it is refused, after the name of the queue.</summary>
    public string Refusal { get; init; } = "";

    public required Action Execute { get; init; }
}
