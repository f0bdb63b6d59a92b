using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// What a job type knows of the job it executes. Its services are those of its constructor, from the scope of the attempt; its token is the
/// parameter of <c>ExecuteAsync</c>, which is cancelled when the app stops, the job is deleted or its timeout has passed.
/// </summary>
public interface IJobContext
{
    /// <summary>The id of the job, as returned by <see cref="IHangfireJobService"/>.</summary>
    string JobId { get; }

    /// <summary>The name of the job type, as stored with the job.</summary>
    string JobName { get; }

    /// <summary>The app's queue (<see cref="HangfireJobsOptions.AppQueue"/>); <c>default</c> when none is configured.</summary>
    string App { get; }

    /// <summary>The number of this attempt, starting at 1. Only failures count; shutdowns and waits do not.</summary>
    int Attempt { get; }

    /// <summary>The number of attempts before the job stays failed: the first one and all retries.</summary>
    int MaxAttempts { get; }

    /// <summary>When the job was created (UTC).</summary>
    DateTimeOffset CreatedAt { get; }

    /// <summary>
    /// The id of the recurring job that created the job, as stored (with the app's prefix); otherwise <see langword="null"/>.
    /// </summary>
    string? RecurringJobId { get; }

    /// <summary>The stored arguments as JSON; <see langword="null"/> for a job without arguments.</summary>
    string? ArgumentsJson { get; }

    /// <summary>
    /// Writes to the app's log and to the job's own log, which is kept with the job. The job's log holds the
    /// newest 64 KiB; one line holds at most 2,000 characters.
    /// </summary>
    ILogger Logger { get; }

    /// <summary>Reports the progress of the job. Cheap: stored at most once a second, and when the job ends.</summary>
    /// <param name="percent">0 to 100; values outside are clamped.</param>
    /// <param name="text">The current step, at most 200 characters (the rest is cut).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is not a number.</exception>
    void ReportProgress(double percent, string? text = null);
}
