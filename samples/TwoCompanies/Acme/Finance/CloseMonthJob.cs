using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Finance;

[RecurringJob("0 3 1 * *", Id = "close-month", TimeZone = "Europe/Berlin")]
[ExclusiveJob]
public sealed class CloseMonthJob : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
        return JobResult.Success(output: new { ClosedLedgers = 14 });
    }
}
