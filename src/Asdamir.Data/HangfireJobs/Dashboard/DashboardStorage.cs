using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>The app's storage as the dashboard's pages read it: with secrets hidden.</summary>
internal sealed class DashboardStorage(JobStorage storage, SecretMask mask) : JobStorage
{
    public override bool LinearizableReads => storage.LinearizableReads;

    public override IMonitoringApi GetMonitoringApi() => new DashboardMonitor(storage.GetMonitoringApi(), mask);

    public override IStorageConnection GetConnection() => Masked(storage.GetConnection());

    public override IStorageConnection GetReadOnlyConnection() => Masked(storage.GetReadOnlyConnection());

    public override bool HasFeature(string featureId) => storage.HasFeature(featureId);

    public override string? ToString() => storage.ToString();

    private IStorageConnection Masked(IStorageConnection connection) =>
        connection is JobStorageConnection extended ? new MaskedConnection(extended, mask) : connection;
}
