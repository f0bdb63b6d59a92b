namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>A page of jobs.</summary>
/// <param name="Next">Where the next page begins; <see langword="null"/> after the last one.</param>
/// <param name="IsBounded">Whether only a part of the jobs was looked at.</param>
internal sealed record JobListing(IReadOnlyList<JobSummary> Runs, string? Next, bool IsBounded);
