using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace TwoCompanies.Acme.Shop;

public sealed record CapturePayment(long OrderId, decimal Amount, string Currency, string CardToken);

/// <summary>Fails while the gateway is down; a requeue works once it is back. A capture that is stored is not repeated.</summary>
[AutomaticRetry(Attempts = 1, DelaysInSeconds = [5])]
public sealed class CapturePaymentJob(PaymentGateway gateway) : IJob<CapturePayment>
{
    public async Task<JobResult> ExecuteAsync(CapturePayment args, IJobContext ctx, CancellationToken ct = default)
    {
        var authorization = await ctx.StepAsync("capture", token => gateway.CaptureAsync(args.Amount, args.Currency, token), ct);
        return JobResult.Success(output: new { args.OrderId, Authorization = authorization });
    }
}
