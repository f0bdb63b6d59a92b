namespace Asdamir.Data.Storage;

/// <summary>A page of jobs.</summary>
public sealed record JobPage
{
    /// <summary>The jobs.</summary>
    public required IReadOnlyList<JobListItem> Jobs { get; init; }

    /// <summary>The cursor of the next page; <see langword="null"/> after the last one.</summary>
    public string? Next { get; init; }

    /// <summary>
    /// Whether the search reached its limit of jobs before the page was full; <see cref="Next"/> continues from there.
    /// </summary>
    public bool IsPartial { get; init; }
}
