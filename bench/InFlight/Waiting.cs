using Asdamir.Data.HangfireJobs;
using Kit;

namespace InFlight;

/// <summary>Waits as for an answer of another system that never comes.</summary>
public sealed class Waiting(Ledger ledger) : IJob<NumberOfJob>
{
    public async Task<JobResult> ExecuteAsync(NumberOfJob args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ledger.Write(FormattableString.Invariant($"{args.Number}"));
        await Task.Delay(Timeout.Infinite, ct);
        return JobResult.Success();
    }
}

public sealed record NumberOfJob(int Number);
