namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>A page of runs.</summary>
/// <param name="Next">Where the next page begins; <see langword="null"/> after the last one.</param>
/// <param name="IsBounded">Whether only a part of the runs was looked at.</param>
internal sealed record RunListing(IReadOnlyList<RunSummary> Runs, string? Next, bool IsBounded);
