using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>The app's storage as the dashboard's pages read it.</summary>
internal sealed class DashboardStorage(JobStorage storage) : JobStorage
{
    public override bool LinearizableReads => storage.LinearizableReads;

    public override IMonitoringApi GetMonitoringApi() => new DashboardMonitor(storage.GetMonitoringApi());

    public override IStorageConnection GetConnection() => storage.GetConnection();

    public override IStorageConnection GetReadOnlyConnection() => storage.GetReadOnlyConnection();

    public override bool HasFeature(string featureId) => storage.HasFeature(featureId);

    public override string? ToString() => storage.ToString();
}
