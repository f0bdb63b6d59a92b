using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

/// <summary>Creates jobs with keys, and knows who has these.</summary>
public abstract class KeyedStorageTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected const string Scope = "crm/Import";

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected long Waiting => Storage.GetMonitoringApi().EnqueuedCount("default");

    private protected (string Id, string? Holder) Create(
        string? unique, string? idempotency = null, IState? state = null, JobStorage? storage = null)
    {
        var connection = new KeptConnection(storage ?? Storage);
        var id = new BackgroundJobClient(connection, NoFilters)
            .Create(SampleJobs.Text("x"), state ?? new EnqueuedState(), Parameters(unique, idempotency));
        return (id, connection.FindKeyHolder(id));
    }

    /// <summary>Creates a job with a text that replaces the one of a key.</summary>
    private protected (string Id, string? Holder, bool HasReplaced) Replace(
        string unique, string text, IState? state = null, string? idempotency = null, JobStorage? storage = null)
    {
        var connection = new KeptConnection(storage ?? Storage);
        var continuations = new JobFilterCollection { new ContinuationsSupportAttribute() };
        var id = new BackgroundJobClient(connection, continuations)
            .Create(SampleJobs.Text(text), state ?? new EnqueuedState(), ReplacingParameters(unique, idempotency));
        return (id, connection.FindKeyHolder(id), connection.HasReplaced(id));
    }

    private protected static Dictionary<string, object> ReplacingParameters(string unique, string? idempotency = null)
    {
        var parameters = Parameters(unique, idempotency);
        parameters[JobKeys.ReplaceParameter] = true;
        return parameters;
    }

    private protected string TextOf(string id)
    {
        using var connection = Storage.GetConnection();
        return (string)connection.GetJobData(id).Job.Args[0];
    }

    private protected static Dictionary<string, object> Parameters(string? unique, string? idempotency)
    {
        Dictionary<string, object> parameters = [];
        if (unique is not null)
            parameters[JobKeys.UniqueParameter] = JobKeys.Unique(Scope, unique);
        if (idempotency is not null)
            parameters[JobKeys.IdempotencyParameter] = JobKeys.Idempotent(Scope, idempotency, TimeSpan.FromDays(1));
        return parameters;
    }

    private protected string? StateOf(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetJobData(id)?.State;
    }

    /// <summary>A view of a storage that remembers the connection of its last client.</summary>
    private sealed class KeptConnection(JobStorage storage) : JobStorage
    {
        private IStorageConnection? _connection;

        public override IStorageConnection GetConnection() => _connection = storage.GetConnection();

        public override IMonitoringApi GetMonitoringApi() => storage.GetMonitoringApi();

        public override bool HasFeature(string featureId) => storage.HasFeature(featureId);

        public string? FindKeyHolder(string id) => ((IKeyedConnection)_connection!).FindKeyHolder(id);

        public bool HasReplaced(string id) => ((IKeyedConnection)_connection!).HasReplaced(id);
    }
}
