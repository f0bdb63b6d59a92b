using Asdamir.Data.HangfireJobs;

namespace Quickstart.Jobs;

public sealed record LongReport(string Quarter, int Pages);

/// <summary>Takes a while and reports its progress.</summary>
[JobTimeout("00:05:00")]
public sealed class LongReportJob : IJob<LongReport>
{
    public async Task<JobResult> ExecuteAsync(LongReport args, IJobContext ctx, CancellationToken ct = default)
    {
        for (var page = 1; page <= args.Pages; page++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
            ctx.ReportProgress(100.0 * page / args.Pages, $"Page {page} of {args.Pages}");
        }
        ctx.Logger.LogInformation("Report for {Quarter} has {Pages} pages", args.Quarter, args.Pages);
        return JobResult.Success(output: new { args.Quarter, args.Pages });
    }
}
