using Apps.Kit;
using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace Apps.Crm;

[KillBeforeTheCommit]
public sealed class CrmWork(WorkLedger ledger) : Work(ledger);

[ExclusiveJob]
public sealed class CrmExclusive(WorkLedger ledger) : Work(ledger);

[ExclusiveJob]
public sealed class CrmOtherExclusive(WorkLedger ledger) : Work(ledger);

public static class PlainJob
{
    [AutomaticRetry(Attempts = 0)]
    public static void Fail() => throw new InvalidOperationException("plain failure");
}

/// <summary>Both apps may declare the same id; the prefix keeps them apart.</summary>
[RecurringJob("0 3 * * *", Id = "daily-cleanup")]
public sealed class CrmCleanup : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}
