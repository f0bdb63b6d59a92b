namespace Asdamir.Data.HangfireJobs;

/// <summary>The kinds of <see cref="JobResult"/>.</summary>
public enum JobOutcome
{
    /// <summary>The work is done; the run becomes Succeeded.</summary>
    Success = 0,

    /// <summary>The attempt failed; the run is retried while attempts are left.</summary>
    Failure = 1,

    /// <summary>The run failed and another attempt would not help; it becomes Failed at once.</summary>
    PermanentFailure = 2,

    /// <summary>Nothing is wrong, but the run must be executed again later; no attempt is used.</summary>
    RunAgain = 3,
}
