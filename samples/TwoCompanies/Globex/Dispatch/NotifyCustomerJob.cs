using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Globex.Dispatch;

public sealed record NotifyCustomer(string Shipment);

/// <summary>Continues a successful tracking.</summary>
public sealed class NotifyCustomerJob : IJob<NotifyCustomer>
{
    public async Task<JobResult> ExecuteAsync(NotifyCustomer args, IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(Random.Shared.Next(50, 150), ct);
        ctx.Logger.LogInformation("Notified the customer of {Shipment}", args.Shipment);
        return JobResult.Success();
    }
}
