using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Companies;

/// <summary>How many jobs are in which state, up to a limit beyond which the exact number is of no use.</summary>
internal static class Counts
{
    public const int Limit = 10_000;

    /// <summary>In the order in which pages show them: what needs an eye first.</summary>
    public static IReadOnlyList<JobState> States { get; } =
        [
            JobState.Failed, JobState.Enqueued, JobState.Processing, JobState.Scheduled, JobState.Awaiting, JobState.Succeeded,
            JobState.Deleted
        ];

    public static async Task<IReadOnlyList<(JobState State, long Count)>> ByStateAsync(IJobMonitor monitor, JobListFilter filter)
    {
        var counts = await monitor.CountJobsByStateAsync(filter, Limit).ConfigureAwait(false);
        return [.. States.Select(state => (state, counts[state]))];
    }

    public static string Exact(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Text(long count) => count >= Limit ? $"{Exact(Limit)}+" : Exact(count);
}
