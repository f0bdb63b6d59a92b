namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A kind of action on a workflow.</summary>
internal sealed record WorkflowActionKind
{
    public required JobActionKind Kind { get; init; }

    /// <summary>The last part of its address in the API.</summary>
    public required string Verb { get; init; }

    /// <summary>What it does, for the API's document.</summary>
    public required string Summary { get; init; }

    /// <summary>What else there is to know.</summary>
    public required string Details { get; init; }
}
