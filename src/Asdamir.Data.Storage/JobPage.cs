namespace Asdamir.Data.Storage;

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">Where the next page begins; <see langword="null"/> after the last one.</param>
/// <param name="IsPartial">
/// Whether the search looked at as many jobs as it may before the page was full; <paramref name="Next"/> goes on from there.
/// </param>
public sealed record JobPage(IReadOnlyList<JobListItem> Jobs, string? Next, bool IsPartial);
