using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Finance;

/// <summary>Uses no attempt while the bank has not published its rates.</summary>
[RecurringJob("*/5 * * * *", Id = "exchange-rates", TimeZone = "Europe/Berlin")]
public sealed class LoadExchangeRatesJob(TimeProvider time) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(200, ct);
        return time.GetUtcNow() - ctx.CreatedAt < TimeSpan.FromSeconds(20)
            ? JobResult.RunAgainAfter(TimeSpan.FromSeconds(20), "Today's rates are not published yet.")
            : JobResult.Success(output: new { Usd = 1.0842, Gbp = 0.8561, Chf = 0.9377 });
    }
}
