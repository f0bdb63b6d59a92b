namespace Asdamir.Data.HangfireJobs;

/// <summary>One attempt of a job, as <see cref="IJobMiddleware"/> sees it.</summary>
public sealed class JobExecution
{
    /// <summary>The context of the attempt, as the job gets it.</summary>
    public required IJobContext Context { get; init; }

    /// <summary>The class of the job.</summary>
    public required Type JobType { get; init; }

    /// <summary>Cancelled when the app stops, the job is deleted or its timeout has passed, as the token of the job.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Whether no retry follows when this attempt fails, whatever it fails with. Of a job type with <see cref="RetryAttribute"/> for some
    /// exceptions, <see cref="IsLastAttemptFor"/> says it of one of them.
    /// </summary>
    public bool IsLastAttempt => Context.Attempt >= Context.MaxAttempts;

    /// <summary>How many retries a failure of the job type allows; <see langword="null"/> outside of a server.</summary>
    internal Func<Exception, int>? RetriesAfter { get; init; }

    /// <summary>
    /// Whether no retry follows when this attempt fails with an exception, because the attempts are used up or the exception allows no
    /// retry. An attempt that has taken longer than its timeout fails with a <see cref="JobTimeoutException"/>, whatever the job throws.
    /// </summary>
    /// <param name="exception">What the attempt fails with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is <see langword="null"/>.</exception>
    public bool IsLastAttemptFor(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return IsLastAttempt || (RetriesAfter is { } retries && Context.Attempt > retries(exception));
    }
}
