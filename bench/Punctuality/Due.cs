using Asdamir.Data.HangfireJobs;
using Kit;

namespace Punctuality;

/// <summary>When a job is due, and what measures it.</summary>
/// <param name="Every">0, or the seconds after which it is due again, which a schedule repeats.</param>
public sealed record Due(string Measure, DateTimeOffset At, int Every = 0);

/// <summary>Notes how late it begins.</summary>
public sealed class Late(Ledger ledger) : IJob<Due>
{
    public Task<JobResult> ExecuteAsync(Due args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        var late = (DateTimeOffset.UtcNow - args.At).TotalMilliseconds;
        ledger.Write(FormattableString.Invariant($"{args.Measure} {(args.Every > 0 ? late % (args.Every * 1_000) : late)}"));
        return Task.FromResult(JobResult.Success());
    }
}
