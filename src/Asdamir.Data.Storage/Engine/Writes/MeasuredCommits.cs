using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>Reports what a connection commits.</summary>
internal sealed class MeasuredCommits(ICommitConnection connection, StorageTelemetry telemetry) : ICommitConnection
{
    public long LeaseId => connection.LeaseId;

    public void Commit(IReadOnlyList<WriteSet> sets) =>
        telemetry.Commit(sets.Count, sets.Select(static set => set.Caller), () => connection.Commit(sets));

    public void Dispose() => connection.Dispose();
}
