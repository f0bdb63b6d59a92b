using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>Reports what is claimed.</summary>
internal sealed class MeasuredClaims(IClaimSource source, StorageTelemetry telemetry) : IClaimSource
{
    public IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId) =>
        telemetry.Claim(() => source.Claim(request, leaseId));

    public void Dispose() => source.Dispose();
}
