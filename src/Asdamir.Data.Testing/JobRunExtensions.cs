using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Testing.Assertions;

namespace Asdamir.Data.Testing;

/// <summary>Assertions about several runs.</summary>
public static class JobRunExtensions
{
    /// <summary>Asserts that each job that was executed has succeeded in the end.</summary>
    /// <param name="runs">Attempts of jobs, as of <see cref="JobHost.DrainAsync"/>.</param>
    /// <returns>The same attempts.</returns>
    /// <exception cref="JobAssertionException">One has not; the message has the error, steps and log of each.</exception>
    public static IReadOnlyList<JobRun> EnsureSucceeded(this IReadOnlyList<JobRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        List<JobRun> failed =
            [.. runs.GroupBy(static run => run.JobId).Select(static job => job.Last())
                .Where(static run => run.State != JobState.Succeeded)];
        return failed.Count == 0
            ? runs
            : throw new JobAssertionException(
                string.Join(Environment.NewLine, failed.Select(RunText.NotSucceeded)),
                failed.Select(static run => run.Exception).FirstOrDefault(static exception => exception is not null));
    }
}
