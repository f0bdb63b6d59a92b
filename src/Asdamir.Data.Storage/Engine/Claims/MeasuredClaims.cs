using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>Reports what is claimed.</summary>
internal sealed class MeasuredClaims(IClaimSource source, StorageTelemetry telemetry) : IClaimSource
{
    public IReadOnlyList<ClaimedJob> Claim(string[] queues, int count, long leaseId, ClaimedState? state) =>
        telemetry.Claim(() => source.Claim(queues, count, leaseId, state));

    public void Dispose() => source.Dispose();
}
