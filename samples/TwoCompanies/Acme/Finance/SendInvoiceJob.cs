using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Finance;

public sealed record SendInvoice(long InvoiceId, string Email, string SmtpPassword);

/// <summary>The mail server rejects some mails, and accepts most of them on the second attempt.</summary>
public sealed class SendInvoiceJob : IJob<SendInvoice>
{
    public async Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        ctx.Logger.LogInformation("Sending invoice {Invoice} to {Email}, attempt {Attempt}", args.InvoiceId, args.Email, ctx.Attempt);
        await Task.Delay(Random.Shared.Next(100, 500), ct);
        if (args.InvoiceId % 100 == 0)
            return JobResult.PermanentFailure($"550 5.1.1 The mailbox {args.Email} does not exist.");
        if (args.InvoiceId % 8 == 0 && ctx.Attempt == 1)
            return JobResult.Failure("421 4.7.0 Too many connections, try again later.");
        return JobResult.Success(output: new { args.InvoiceId, MessageId = $"<{ctx.JobId}@acme.example>" });
    }
}
