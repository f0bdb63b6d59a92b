using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace TwoCompanies.Globex.Dispatch;

public sealed record TrackShipment(string Shipment, string CarrierApiKey);

/// <summary>The carrier's service is sometimes slow; a shipment that is not scanned yet is queried again later.</summary>
[AutomaticRetry(Attempts = 2, DelaysInSeconds = [10, 20])]
public sealed class TrackShipmentJob(TimeProvider time) : IJob<TrackShipment>
{
    public async Task<JobResult> ExecuteAsync(TrackShipment args, IJobContext ctx, CancellationToken ct = default)
    {
        if (args.Shipment.EndsWith("66", StringComparison.Ordinal))
            await AskCarrierAsync(args.Shipment, TimeSpan.FromSeconds(5), ct);
        await AskCarrierAsync(args.Shipment, TimeSpan.FromMilliseconds(150), ct);
        return args.Shipment.EndsWith('4') && time.GetUtcNow() - ctx.CreatedAt < TimeSpan.FromSeconds(30)
            ? JobResult.RunAgainAfter(TimeSpan.FromSeconds(30), "The carrier has not scanned it yet.")
            : JobResult.Success(output: new { args.Shipment, Place = "Newark, NJ" });
    }

    private static async Task AskCarrierAsync(string shipment, TimeSpan answerTime, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await Task.Delay(answerTime, limit.Token);
        }
        catch (OperationCanceledException exception) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The carrier did not answer about {shipment} within 2 seconds.", exception);
        }
    }
}
