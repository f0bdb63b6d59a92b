using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Crm;

/// <summary>One at a time: a second job waits as a scheduled one and holds no worker.</summary>
[ExclusiveJob]
public sealed class MergeContactsJob : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        for (var step = 1; step <= 15; step++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            ctx.ReportProgress(step * 100 / 15.0, $"Comparing names with {(char)('A' + step)}");
        }
        return JobResult.Success(output: new { Merged = Random.Shared.Next(3, 30) });
    }
}
