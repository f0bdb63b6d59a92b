using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Crm;

public sealed record RemindCustomer(long CustomerId);

/// <summary>Delayed by three minutes; through the mail server of the newsletters.</summary>
[Limit("smtp", MaxRunning = 4)]
public sealed class RemindCustomerJob : IJob<RemindCustomer>
{
    public async Task<JobResult> ExecuteAsync(RemindCustomer args, IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(Random.Shared.Next(50, 200), ct);
        return args.CustomerId % 30 == 0
            ? throw new KeyNotFoundException($"Customer {args.CustomerId} was merged into another one.")
            : JobResult.Success();
    }
}
