using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>When a job starts, as its options say.</summary>
internal static class JobStart
{
    // The largest values stand for a mistake, or for never, which no scheduled job can wait for.
    private static readonly DateTimeOffset LatestTime = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first state of the job.</summary>
    /// <exception cref="ArgumentException">The options contradict each other, or a value is invalid.</exception>
    public static IState StateOf(JobOptions? options, DateTimeOffset now)
    {
        if (options is null)
            return new EnqueuedState();
        CheckContradictions(options);
        return options.After is not null ? After(options)
            : options.RunAt is not null ? At(options, now)
            : options.Delay is not null ? In(options, now)
            : new EnqueuedState();
    }

    private static void CheckContradictions(JobOptions options)
    {
        (string Name, bool IsSet)[] starts =
        [
            (nameof(JobOptions.RunAt), options.RunAt is not null),
            (nameof(JobOptions.Delay), options.Delay is not null),
            (nameof(JobOptions.After), options.After is not null),
        ];
        var set = starts.Where(static start => start.IsSet).Select(static start => start.Name).ToList();
        if (set.Count > 1)
        {
            throw new ArgumentException(
                $"{string.Join(" and ", set)} are both set, but a job has one start. Fix: set one of them.", nameof(options));
        }
        if (options.Condition is not null && options.After is null)
        {
            throw new ArgumentException(
                $"{nameof(JobOptions.Condition)} is {options.Condition}, but {nameof(JobOptions.After)} is not set. "
                    + $"Fix: set {nameof(JobOptions.After)} to the job to wait for.",
                nameof(options));
        }
    }

    private static AwaitingState After(JobOptions options) => new(
        options.After,
        new EnqueuedState(),
        (options.Condition ?? ContinueOn.Success) switch
        {
            ContinueOn.Success => JobContinuationOptions.OnlyOnSucceededState,
            ContinueOn.AnyEnd => JobContinuationOptions.OnAnyFinishedState,
            var unknown => throw new ArgumentOutOfRangeException(
                nameof(options), unknown,
                $"{nameof(JobOptions.Condition)} must be one of {string.Join(", ", Enum.GetNames<ContinueOn>())}."),
        });

    // Hangfire's scheduler ignores times before 1970, so such a job would never start: any time in the past is now.
    private static ScheduledState At(JobOptions options, DateTimeOffset now)
    {
        var time = options.RunAt!.Value;
        return time > LatestTime
            ? throw new ArgumentOutOfRangeException(nameof(options), time, $"{nameof(JobOptions.RunAt)} can be up to {LatestTime:u}.")
            : new ScheduledState((time < now ? now : time).UtcDateTime);
    }

    private static ScheduledState In(JobOptions options, DateTimeOffset now)
    {
        var delay = options.Delay!.Value;
        return delay < TimeSpan.Zero ? new ScheduledState(now.UtcDateTime)
            : delay <= LatestTime - now ? new ScheduledState((now + delay).UtcDateTime)
            : throw new ArgumentOutOfRangeException(
                nameof(options), delay,
                $"A job can be scheduled up to {LatestTime:u}, so the longest {nameof(JobOptions.Delay)} now is {LatestTime - now:c}.");
    }
}
