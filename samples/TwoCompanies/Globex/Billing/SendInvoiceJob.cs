using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Globex.Billing;

public sealed record SendInvoice(long InvoiceId);

/// <summary>Has the same name as a job type of Acme; their databases are separate.</summary>
public sealed class SendInvoiceJob : IJob<SendInvoice>
{
    public async Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(Random.Shared.Next(100, 400), ct);
        if (args.InvoiceId % 50 == 0)
        {
            throw new FormatException(
                $"The VAT number of invoice {args.InvoiceId} is not valid.",
                new ArgumentOutOfRangeException(nameof(args), "Check digit 7 was expected to be 3."));
        }
        return JobResult.Success(output: new { args.InvoiceId, Pages = 2 });
    }
}
