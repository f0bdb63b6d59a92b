using System.Globalization;

namespace Asdamir.Data.HangfireJobs;

/// <summary>The outcome of one attempt of a job.</summary>
public sealed class JobResult
{
    private JobResult(JobOutcome outcome) => Outcome = outcome;

    /// <summary>What happened.</summary>
    public JobOutcome Outcome { get; }

    /// <summary>The duration the job reports for itself; <see langword="null"/> when it reports none.</summary>
    public TimeSpan? Duration { get; private init; }

    /// <summary>The value stored as the job's result; <see langword="null"/> for none.</summary>
    public object? Output { get; private init; }

    /// <summary>Why the job failed or must run again; <see langword="null"/> for a success.</summary>
    public string? Message { get; private init; }

    /// <summary>
    /// The exception behind a failure, thrown unchanged by the executor; <see langword="null"/> when only a message was given.
    /// </summary>
    public Exception? Exception { get; private init; }

    /// <summary>
    /// How long to wait before the next attempt, when the job failed with <see cref="RetryAfter(TimeSpan)"/>; otherwise
    /// <see langword="null"/>: the backoff of the job type decides.
    /// </summary>
    public TimeSpan? RetryDelay { get; private init; }

    /// <summary>How long to wait before the job is executed again; zero unless <see cref="JobOutcome.RunAgain"/>.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>The work is done.</summary>
    /// <param name="duration">The duration the job reports for itself, stored with the result.</param>
    /// <param name="output">A value to store with the job, as JSON.</param>
    public static JobResult Success(TimeSpan? duration = null, object? output = null) =>
        new(JobOutcome.Success) { Duration = duration, Output = output };

    /// <summary>
    /// The attempt failed: the executor throws a <see cref="JobFailedException"/> with this message and Hangfire retries.
    /// </summary>
    /// <param name="message">What went wrong, for the operator.</param>
    public static JobResult Failure(string message) =>
        new(JobOutcome.Failure) { Message = message ?? throw new ArgumentNullException(nameof(message)) };

    /// <summary>The attempt failed: the executor throws this very exception and Hangfire retries.</summary>
    /// <param name="exception">What went wrong.</param>
    public static JobResult Failure(Exception exception) =>
        new(JobOutcome.Failure)
        {
            Exception = exception ?? throw new ArgumentNullException(nameof(exception)), Message = MessageOf(exception)
        };

    /// <summary>The job failed and must not be retried.</summary>
    /// <param name="message">What went wrong, for the operator.</param>
    public static JobResult PermanentFailure(string message) =>
        new(JobOutcome.PermanentFailure) { Message = message ?? throw new ArgumentNullException(nameof(message)) };

    /// <summary>The job failed and must not be retried.</summary>
    /// <param name="exception">What went wrong.</param>
    public static JobResult PermanentFailure(Exception exception) =>
        new(JobOutcome.PermanentFailure)
        {
            Exception = exception ?? throw new ArgumentNullException(nameof(exception)), Message = MessageOf(exception)
        };

    /// <summary>
    /// The attempt failed, and the next one starts after this delay instead of the computed one, for example as the
    /// <c>Retry-After</c> of an answer says. It counts as an attempt; when no retry is left, the job becomes Failed.
    /// </summary>
    /// <param name="delay">How long to wait, at most 365 days; zero or less makes the next attempt due now.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="delay"/> is longer than 365 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </exception>
    public static JobResult RetryAfter(TimeSpan delay) => RetryAfter(
        delay, string.Create(CultureInfo.InvariantCulture, $"The job asked for another attempt after {Checked(delay):c}."));

    /// <summary>As <see cref="RetryAfter(TimeSpan)"/>, with what went wrong.</summary>
    /// <param name="delay">How long to wait, at most 365 days; zero or less makes the next attempt due now.</param>
    /// <param name="message">What went wrong, for the operator.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="delay"/> is longer than 365 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </exception>
    public static JobResult RetryAfter(TimeSpan delay, string message) =>
        new(JobOutcome.Failure)
        {
            RetryDelay = Checked(delay), Message = message ?? throw new ArgumentNullException(nameof(message)),
        };

    /// <summary>
    /// As <see cref="RetryAfter(TimeSpan)"/>, with an exception: a <see cref="RetryAttribute"/> for it says how many retries there are.
    /// </summary>
    /// <param name="delay">How long to wait, at most 365 days; zero or less makes the next attempt due now.</param>
    /// <param name="exception">What went wrong.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="delay"/> is longer than 365 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </exception>
    public static JobResult RetryAfter(TimeSpan delay, Exception exception) =>
        new(JobOutcome.Failure)
        {
            RetryDelay = Checked(delay),
            Exception = exception ?? throw new ArgumentNullException(nameof(exception)), Message = MessageOf(exception),
        };

    /// <summary>Executes the job again later without using an attempt, for example while a remote system is busy.</summary>
    /// <param name="delay">How long to wait, at most 365 days; zero or less makes the job due now.</param>
    /// <param name="reason">Why, shown in the job's history.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is longer than 365 days.</exception>
    public static JobResult RunAgainAfter(TimeSpan delay, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(365));
        return new(JobOutcome.RunAgain) { Delay = delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Message = reason };
    }

    private static TimeSpan Checked(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(365));
        if (delay == Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                nameof(delay), "An infinite delay has no next attempt. Fix: return JobResult.PermanentFailure for a job that must not be "
                    + "retried.");
        }
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    // A getter of the job's own exception may throw, or return null.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? exception.GetType().ToString();
        }
        catch (Exception)
        {
            return exception.GetType().ToString();
        }
    }
}
