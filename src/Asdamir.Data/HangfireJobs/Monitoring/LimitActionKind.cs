namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A kind of action on a limit.</summary>
internal sealed record LimitActionKind
{
    public required JobActionKind Kind { get; init; }

    /// <summary>The last part of its address in the API.</summary>
    public required string Verb { get; init; }

    /// <summary>What it does, for the API's document.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether it takes the number of jobs and the rate.</summary>
    public bool TakesValues { get; init; }
}
