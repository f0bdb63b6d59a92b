using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Finance;

public sealed record ReconcileLedger(string Ledger, int Accounts);

/// <summary>Long, with progress. One ledger does not balance, which is found deep inside.</summary>
[JobTimeout("00:05:00")]
public sealed class ReconcileLedgerJob : IJob<ReconcileLedger>
{
    public async Task<JobResult> ExecuteAsync(ReconcileLedger args, IJobContext ctx, CancellationToken ct = default)
    {
        for (var account = 1; account <= args.Accounts; account++)
        {
            await Task.Delay(500, ct);
            ctx.ReportProgress(100.0 * account / args.Accounts, $"Account {account} of {args.Accounts}");
            if (account % 10 == 0)
                ctx.Logger.LogInformation("{Account} accounts of {Ledger} are reconciled", account, args.Ledger);
        }
        try
        {
            return JobResult.Success(output: new { args.Ledger, Balance = Balance(args.Ledger, depth: 30) });
        }
        catch (InvalidDataException exception)
        {
            return JobResult.PermanentFailure(new LedgerOutOfBalanceException($"{args.Ledger} is out of balance.", exception));
        }
    }

    private static decimal Balance(string ledger, int depth)
    {
        if (depth > 0)
            return Balance(ledger, depth - 1) * 1.0m;
        return ledger == "GL-4400" ? throw new InvalidDataException("Posting 88213 has debit 1,204.50 and credit 1,240.50.") : 0m;
    }
}
