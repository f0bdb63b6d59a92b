using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace TwoCompanies.Globex.Billing;

public sealed record ChargeFreight(long FreightId, decimal Amount, string MerchantSecret);

/// <summary>Fails while the gateway is down, and for a customer without credit at any time.</summary>
[AutomaticRetry(Attempts = 1, DelaysInSeconds = [5])]
public sealed class ChargeFreightJob(PaymentGateway gateway) : IJob<ChargeFreight>
{
    public async Task<JobResult> ExecuteAsync(ChargeFreight args, IJobContext ctx, CancellationToken ct = default)
    {
        if (args.FreightId % 90 == 0)
            return JobResult.PermanentFailure($"The customer of freight {args.FreightId} is over the credit limit.");
        var authorization = await gateway.CaptureAsync(args.Amount, "USD", ct);
        return JobResult.Success(output: new { args.FreightId, Authorization = authorization });
    }
}
