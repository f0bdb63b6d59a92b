using System.Diagnostics;
using Asdamir.Data.HangfireJobs;

namespace Chaos.Soak;

/// <summary>A run of the soak.</summary>
/// <param name="Due">When it is due, on the clock all processes share.</param>
/// <param name="ChainUntil">Until when it enqueues the next one of its kind when it is done; 0 for never.</param>
/// <param name="Failures">How many attempts fail.</param>
public sealed record SoakOrder(long Due, long ChainUntil = 0, int Failures = 0);

/// <summary>Counts itself and how long it waited.</summary>
public sealed class SoakWork(SoakFigures figures, IHangfireJobService jobs) : IJob<SoakOrder>
{
    public Task<JobResult> ExecuteAsync(SoakOrder args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(ctx);
        var now = Stopwatch.GetTimestamp();
        if (ctx.Attempt <= args.Failures)
            return Task.FromResult(JobResult.Failure("As ordered."));
        // A retry waits because it failed.
        figures.Add(ctx.Attempt == 1 ? Stopwatch.GetElapsedTime(args.Due, now) : null);
        if (now < args.ChainUntil)
            jobs.Enqueue<SoakWork, SoakOrder>(args with { Due = Stopwatch.GetTimestamp() });
        return Task.FromResult(JobResult.Success());
    }
}
