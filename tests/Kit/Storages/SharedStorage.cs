using Hangfire;
using Hangfire.InMemory;
using Hangfire.Server;
using Hangfire.Storage;

namespace Kit;

/// <summary>
/// An in-memory storage that outlives the hosts that use it, as a database does, and that can be made to lack a feature.
/// </summary>
public sealed class SharedStorage(string? lacks = null) : JobStorage
{
    private readonly JobStorage _inner = new InMemoryStorage();

    public override bool LinearizableReads => _inner.LinearizableReads;

    public override IMonitoringApi GetMonitoringApi() => _inner.GetMonitoringApi();

    public override IStorageConnection GetConnection() => _inner.GetConnection();

    public override IEnumerable<IBackgroundProcess> GetServerRequiredProcesses() => _inner.GetServerRequiredProcesses();

    public override IEnumerable<IBackgroundProcess> GetStorageWideProcesses() => _inner.GetStorageWideProcesses();

    public override bool HasFeature(string featureId) => featureId != lacks && _inner.HasFeature(featureId);
}
