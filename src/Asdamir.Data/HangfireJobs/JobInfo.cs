namespace Asdamir.Data.HangfireJobs;

/// <summary>What is known of a job.</summary>
/// <param name="Id">The id of the job.</param>
/// <param name="JobName">The name of its job type.</param>
/// <param name="State">Its state now.</param>
/// <param name="Reason">Why it is in that state; <see langword="null"/> when no reason was given.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
/// <param name="Progress">The progress it reported last; <see langword="null"/> for none.</param>
/// <param name="Error">The message of its last failure while it is Failed; otherwise <see langword="null"/>.</param>
/// <param name="ResultJson">The stored result of a succeeded job: <c>{"duration":…,"output":…}</c>; otherwise
/// <see langword="null"/>.</param>
public sealed record JobInfo(
    string Id,
    string JobName,
    JobState State,
    string? Reason,
    DateTimeOffset CreatedAt,
    JobProgress? Progress,
    string? Error,
    string? ResultJson);
