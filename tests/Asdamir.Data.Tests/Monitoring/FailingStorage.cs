using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Monitoring;

/// <summary>A storage that answers while the app starts, and then as a test wants it.</summary>
internal sealed class FailingStorage : JobStorage
{
    private readonly SharedStorage _inner = new();

    public bool IsDown { get; set; }

    /// <summary>How often its monitoring was asked for.</summary>
    public int Reads { get; private set; }

    public override IMonitoringApi GetMonitoringApi()
    {
        Reads++;
        return Up().GetMonitoringApi();
    }

    public override IStorageConnection GetConnection() => Up().GetConnection();

    public override bool HasFeature(string featureId) => _inner.HasFeature(featureId);

    private SharedStorage Up() => IsDown ? throw new IOException("connection refused") : _inner;
}
