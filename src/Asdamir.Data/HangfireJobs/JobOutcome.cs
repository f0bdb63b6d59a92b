namespace Asdamir.Data.HangfireJobs;

/// <summary>The kinds of <see cref="JobResult"/>.</summary>
public enum JobOutcome
{
    /// <summary>The work is done; the job becomes Succeeded.</summary>
    Success = 0,

    /// <summary>The attempt failed; the job is retried while attempts are left.</summary>
    Failure = 1,

    /// <summary>The job failed and another attempt would not help; it becomes Failed at once.</summary>
    PermanentFailure = 2,

    /// <summary>Nothing is wrong, but the job must be executed again later; no attempt is used.</summary>
    RunAgain = 3,
}
