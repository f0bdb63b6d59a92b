namespace Asdamir.Data.HangfireJobs;

/// <summary>How far a job is.</summary>
/// <param name="Percent">0 to 100.</param>
/// <param name="Text">What was being done, if the job said so.</param>
/// <param name="At">When it was reported (UTC).</param>
public sealed record JobProgress(double Percent, string? Text, DateTimeOffset At);
