using Asdamir.Data.HangfireJobs;
using Kit;

namespace Punctuality;

/// <summary>Waits until it is cancelled, and notes when that was.</summary>
public sealed class Held(Ledger ledger) : IJob
{
    public const string Begun = "held";
    public const string Cancelled = "cancelled";

    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ledger.Write($"{Begun} {ctx.JobId}");
        await Task.Delay(Timeout.InfiniteTimeSpan, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var at = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        ledger.Write(FormattableString.Invariant($"{Cancelled} {ctx.JobId} {at}"));
        throw new OperationCanceledException(ct);
    }
}
