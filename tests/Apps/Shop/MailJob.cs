using Asdamir.Data.HangfireJobs;

namespace Apps.Shop;

[RecurringJob("@yearly", Id = "yearly-mail")]
public sealed class MailJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}
