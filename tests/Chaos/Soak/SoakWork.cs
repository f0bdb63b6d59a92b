using System.Diagnostics;
using Asdamir.Data.HangfireJobs;

namespace Chaos.Soak;

/// <summary>A job of the soak.</summary>
/// <param name="Due">When it is due, on the clock all processes share; 0 for one that was delayed, as the scheduler polls every 5
/// seconds.</param>
/// <param name="Failures">How many attempts fail.</param>
public sealed record SoakOrder(long Due, int Failures = 0);

/// <summary>Counts itself and how long it waited.</summary>
public sealed class SoakWork(SoakFigures figures) : IJob<SoakOrder>
{
    public Task<JobResult> ExecuteAsync(SoakOrder args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(ctx);
        if (ctx.Attempt <= args.Failures)
            return Task.FromResult(JobResult.Failure("As ordered."));
        // A retry waits because it failed.
        figures.Add(ctx.Attempt == 1 && args.Due > 0 ? Stopwatch.GetElapsedTime(args.Due) : null);
        return Task.FromResult(JobResult.Success());
    }
}
