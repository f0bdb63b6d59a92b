namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Which jobs are asked for. What is left out does not matter.</summary>
internal sealed record JobListFilter
{
    public JobState? State { get; init; }

    /// <summary>The app, which is its queue.</summary>
    public string? App { get; init; }

    public string? Name { get; init; }

    public DateTime? From { get; init; }

    public DateTime? To { get; init; }

    /// <summary>In arguments, errors and results, or the id of a job.</summary>
    public string? Text { get; init; }

    public bool OldestFirst { get; init; }
}
