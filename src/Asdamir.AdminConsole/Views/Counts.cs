using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;

namespace Asdamir.AdminConsole.Views;

/// <summary>How many runs are in which state, up to a limit: beyond it nobody needs the exact number.</summary>
internal static class Counts
{
    public const int Limit = 10_000;

    /// <summary>In the order in which pages show them: what needs an eye first.</summary>
    public static IReadOnlyList<RunState> States { get; } =
        [RunState.Failed, RunState.Enqueued, RunState.Processing, RunState.Scheduled, RunState.Awaiting, RunState.Succeeded, RunState.Deleted];

    public static IReadOnlyList<(RunState State, long Count)> ByState(RunsReader runs, RunFilter filter) =>
        [.. States.Select(state => (state, runs.Source.Count(filter with { State = state }, Limit)))];

    public static string Text(long count) => count >= Limit ? $"{Limit.ToString("N0", CultureInfo.InvariantCulture)}+" : count.ToString("N0", CultureInfo.InvariantCulture);
}
