namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// How failed attempts of this job type are retried: all, or those that failed with one type of exception. Several on one job type are
/// rules for several exceptions; the one for the most specific type applies, then the one without <see cref="On"/>, then
/// <see cref="HangfireJobsOptions.Retry"/>.
/// </summary>
/// <param name="attempts">How many retries follow the first attempt, 0 to 1,000; 0 fails the job at once.</param>
/// <remarks>
/// <para>
/// All failed attempts of a job count, whichever rule applied to them: after two attempts that failed with other exceptions, a rule with 3
/// retries allows one more.
/// </para>
/// <para>
/// The exceptions inside an <see cref="AggregateException"/> or a <see cref="System.Reflection.TargetInvocationException"/> count as the
/// exception of the attempt; of several, the one whose rule has the fewest retries. Other inner exceptions do not count.
/// </para>
/// <para>
/// A derived job type has the rules of its base types, except for exceptions that it has a rule for. A wrong rule is an error when the app
/// starts: two for one type of exception, a negative number of retries, or one beside <c>[AutomaticRetry]</c>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = true, AllowMultiple = true)]
public sealed class RetryAttribute(int attempts) : Attribute
{
    /// <summary>How many retries follow the first attempt, 0 to 1,000; 0 fails the job at once.</summary>
    public int Attempts { get; } = attempts;

    /// <summary>
    /// The type of exception that the rule is for, with all types that derive from it. The default value is <see langword="null"/>: every
    /// exception without another rule.
    /// </summary>
    public Type? On { get; init; }

    /// <summary>How the delay grows from retry to retry. When it is not set, <see cref="HangfireJobsOptions.Retry"/> decides.</summary>
    public RetryBackoff Backoff
    {
        get => SetBackoff ?? RetryBackoff.Exponential;
        init => SetBackoff = value;
    }

    /// <summary>
    /// The delay before the first retry: a <see cref="TimeSpan"/> such as <c>00:00:05</c>, rounded up to whole seconds, at most 24 days;
    /// <c>00:00:00</c> retries at once. When it is <see langword="null"/>, <see cref="HangfireJobsOptions.Retry"/> decides.
    /// </summary>
    public string? BaseDelay { get; init; }

    /// <summary>
    /// The longest delay, before jitter: a <see cref="TimeSpan"/> from <see cref="BaseDelay"/> to 24 days. When it is
    /// <see langword="null"/>, the longer one of <see cref="BaseDelay"/> and the longest delay of <see cref="HangfireJobsOptions.Retry"/>.
    /// </summary>
    public string? MaxDelay { get; init; }

    /// <summary>The backoff, when it was set.</summary>
    internal RetryBackoff? SetBackoff { get; private init; }
}
