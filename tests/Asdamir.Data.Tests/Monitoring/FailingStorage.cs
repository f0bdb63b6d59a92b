using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Monitoring;

/// <summary>A storage that answers while the app starts, and then as a test wants it.</summary>
internal sealed class FailingStorage : JobStorage, IJobLimits, IJobWorkflows
{
    private readonly SharedStorage _inner = new();
    private int _connections;

    public bool IsDown { get; set; }

    /// <summary>What happens to a connection that is asked for, by its number.</summary>
    public Func<int, Exception?> OnConnect { get; set; } = static _ => null;

    /// <summary>How often its monitoring was asked for.</summary>
    public int Reads { get; private set; }

    public override IMonitoringApi GetMonitoringApi()
    {
        Reads++;
        return Up().GetMonitoringApi();
    }

    public override IStorageConnection GetConnection() =>
        OnConnect(Interlocked.Increment(ref _connections)) is { } fault ? throw fault : Up().GetConnection();

    public override bool HasFeature(string featureId) => _inner.HasFeature(featureId);

    public void DeclareLimits(string queue, IReadOnlyCollection<JobLimitRule> rules) => Up();

    public bool ChangeLimit(string queue, string name, int? maxRunning, string by, string? reason, JobRate? rate = null) => Up() is null;

    public IReadOnlyList<JobLimitStatus> Limits(string? queue = null) => Up() is null ? [] : [];

    public JobWorkflowStatus? FindWorkflow(string id) => Up() is null ? null : null;

    public IReadOnlyList<JobWorkflowStatus> ListWorkflows(string? queue = null, string? before = null, int count = 50) =>
        Up() is null ? [] : [];

    public IReadOnlyList<JobWorkflowMember> WorkflowMembers(string id, string? after = null, int count = 100) => Up() is null ? [] : [];

    public IReadOnlyList<JobWorkflowEdge> WorkflowEdges(IReadOnlyCollection<string> jobIds, int count) => Up() is null ? [] : [];

    public IReadOnlyList<JobWorkflowParent> WorkflowParents(string jobId) => Up() is null ? [] : [];

    public IReadOnlyList<string>? CancelWorkflow(string id, string by, string? reason = null) => Up() is null ? null : null;

    private SharedStorage Up() => IsDown ? throw new IOException("connection refused") : _inner;
}
