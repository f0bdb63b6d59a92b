namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A page of jobs.</summary>
public sealed record JobListing
{
    /// <summary>The jobs, in the order that was asked for.</summary>
    public required IReadOnlyList<JobSummary> Jobs { get; init; }

    /// <summary>The cursor of the next page; <see langword="null"/> after the last one.</summary>
    public string? Next { get; init; }

    /// <summary>Whether only a part of the stored jobs was searched.</summary>
    public bool IsPartial { get; init; }

    /// <summary>How many jobs of each state this storage searches at most; <see langword="null"/> when it searches all, by index.</summary>
    public int? ScanLimit { get; init; }
}
