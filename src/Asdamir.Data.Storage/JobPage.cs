namespace Asdamir.Data.Storage;

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">The cursor of the next page; <see langword="null"/> after the last one.</param>
/// <param name="IsPartial">
/// Whether the search reached its limit of jobs before the page was full; <paramref name="Next"/> continues from there.
/// </param>
public sealed record JobPage(IReadOnlyList<JobListItem> Jobs, string? Next, bool IsPartial);
