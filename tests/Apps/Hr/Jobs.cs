using Apps.Kit;
using Asdamir.Data.HangfireJobs;

namespace Apps.Hr;

public sealed class HrWork(WorkLedger ledger) : Work(ledger);

/// <summary>Both apps may declare the same id; the prefix keeps them apart.</summary>
[RecurringJob("0 4 * * *", Id = "daily-cleanup")]
public sealed class HrCleanup : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}
