using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Globex.Dispatch;

public sealed record PlanRoute(string Region, int Stops);

/// <summary>Long, with progress. A region with too many stops exceeds the time limit.</summary>
[JobTimeout("00:00:40")]
public sealed class PlanRouteJob : IJob<PlanRoute>
{
    public async Task<JobResult> ExecuteAsync(PlanRoute args, IJobContext ctx, CancellationToken ct = default)
    {
        ctx.Logger.LogInformation("Planning {Region} with {Stops} stops", args.Region, args.Stops);
        for (var stop = 1; stop <= args.Stops; stop++)
        {
            await Task.Delay(500, ct);
            ctx.ReportProgress(100.0 * stop / args.Stops, $"Stop {stop} of {args.Stops}");
            if (stop % 25 == 0)
                ctx.Logger.LogDebug("{Stop} stops are in order", stop);
        }
        return JobResult.Success(output: new { args.Region, Kilometres = Random.Shared.Next(120, 480) });
    }
}
