using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Crm;

public sealed record SendNewsletter(string Issue, int Batch);

/// <summary>Enqueued in bursts of forty, so that the queue shows a wait. The mail server takes four at a time.</summary>
[Limit("smtp", MaxRunning = 4)]
public sealed class SendNewsletterJob : IJob<SendNewsletter>
{
    public async Task<JobResult> ExecuteAsync(SendNewsletter args, IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        return JobResult.Success(output: new { args.Issue, args.Batch, Sent = 250 });
    }
}
