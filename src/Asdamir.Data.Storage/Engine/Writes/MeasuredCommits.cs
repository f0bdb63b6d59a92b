using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>Reports what a connection commits.</summary>
internal sealed class MeasuredCommits(ICommitConnection connection, StorageTelemetry telemetry) : ICommitConnection
{
    public long LeaseId => connection.LeaseId;

    public IReadOnlyList<ClaimedJob>? Commit(IReadOnlyList<WriteSet> sets, ClaimRequest? claim = null, bool isPatient = true)
    {
        var claims = telemetry.Commit(sets.Count, sets.Select(static set => set.Caller), () => connection.Commit(sets, claim, isPatient));
        if (claims is { Count: > 0 })
            telemetry.Claimed(claims.Count);
        return claims;
    }

    public void Dispose() => connection.Dispose();
}
