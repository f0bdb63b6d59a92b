using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Postpones a job that this build cannot execute, as in a rolling deploy, without a limit. The older the job, the longer the delay.
/// </summary>
internal static class UnknownJob
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static ScheduledState Postponed(string jobName, DateTime createdAt, TimeProvider time) =>
        new((time.GetUtcNow() + Delay(createdAt, time)).UtcDateTime)
        {
            Reason = $"This build has no job named '{jobName}'. "
                + $"Deploy a build that has it, add [FormerlyKnownAs(\"{jobName}\")] to its renamed class, or delete the job"
        };

    public static TimeSpan Delay(DateTime createdAt, TimeProvider time)
    {
        var age = time.GetUtcNow().UtcDateTime - createdAt;
        return TimeSpan.FromTicks(Math.Clamp(age.Ticks / 4, Shortest.Ticks, Longest.Ticks));
    }
}
