using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.HangfireJobs;

namespace Apps.Kit;

/// <summary>The work of all jobs of the test apps; each app's own classes derive from it.</summary>
public abstract class Work(WorkLedger ledger) : IJob<WorkOrder>
{
    public async Task<JobResult> ExecuteAsync(WorkOrder args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(ctx);
        var entry = await ledger.StartAsync(
            new LedgerEntry(
                ctx.JobId, args.Tag, GetType().Assembly.GetName().Name!, GetType().Name, ctx.Attempt, CultureInfo.CurrentCulture.Name,
                ctx.ArgumentsJson));
        if (args.KillProcess)
            Process.GetCurrentProcess().Kill();
        try
        {
            var token = args.OnCancel == OnCancel.Ignore ? CancellationToken.None : ct;
            await Task.Delay(TimeSpan.FromSeconds(args.Seconds), token);
            foreach (var tag in args.After ?? [])
            {
                while (!await ledger.HasEndedAsync(tag))
                    await Task.Delay(TimeSpan.FromMilliseconds(200), token);
            }
        }
        catch (OperationCanceledException exception)
        {
            await ledger.EndAsync(entry, "cancelled");
            if (args.OnCancel == OnCancel.WrapInFailure)
                return JobResult.Failure(exception.Message);
            throw;
        }
        if (ctx.Attempt <= args.FailAttempts)
        {
            await ledger.EndAsync(entry, "failed");
            return JobResult.Failure(args.FailureText ?? $"attempt {ctx.Attempt} fails, as ordered");
        }
        await ledger.EndAsync(entry, "done");
        return JobResult.Success();
    }
}
