using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Tests.Engine.Writes;

/// <summary>
/// A database that holds every commit until it is released, so that the test alone decides who acts next. It answers as the calls'
/// fates say, and records what it wrote.
/// </summary>
internal sealed class ModelDatabase : ICommitLease
{
    public const string Queue = "default";

    /// <summary>A claim of its jobs is refused.</summary>
    public const string RefusedQueue = "refused";

    private readonly Lock _gate = new();
    private readonly Queue<ModelCommit> _waiting = [];
    private readonly Dictionary<WriteSet, ModelCommit> _calls = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, ManualResetEventSlim> _held = [];
    private readonly List<ModelCommit> _written = [];
    private readonly HashSet<ModelCommit> _hasEndedLease = [];
    private long _lease = 1;

    /// <summary>In the order in which the database wrote it.</summary>
    public IReadOnlyList<ModelCommit> Written => _written;

    /// <summary>The groups that were tried, with the queue that tried them.</summary>
    public List<(string Queue, IReadOnlyList<ModelCommit> Calls, bool IsPatient)> Groups { get; } = [];

    public bool HasLostConnections { get; private set; }

    public InFlightClaims InFlight { get; } = new(null!);

    /// <summary>How many jobs wait in the queue.</summary>
    public int Waiting => _waiting.Count;

    public List<ClaimToken> Claimed { get; } = [];

    /// <summary>The calls whose commit had a claim.</summary>
    public HashSet<ModelCommit> WrittenWithClaim { get; } = [];

    public long Current() => Volatile.Read(ref _lease);

    public ICommitConnection OpenCommitConnection(long lease) => new Connection(this, lease);

    public void Lost(long lease) => Interlocked.CompareExchange(ref _lease, lease + 1, lease);

    public ModelCommit Call(ModelCall call)
    {
        var set = new WriteSet();
        set.Job(call.Job).Enter(new StateWrite("Succeeded", null, 0, "{}"));
        var lease = Current();
        if (call.NeedsLease)
            set.DependOn(lease);
        if (call.Enqueues)
            set.Enqueued.Add((Queue, call.Job));
        var commit = new ModelCommit(call, set, lease);
        lock (_gate)
            _calls.Add(set, commit);
        return commit;
    }

    /// <summary>Whether a thread of this queue waits in a commit.</summary>
    public bool Holds(string queue)
    {
        lock (_gate)
            return _held.ContainsKey(queue);
    }

    /// <summary>Lets the commit of this queue continue.</summary>
    public bool Release(string queue)
    {
        lock (_gate)
        {
            if (!_held.Remove(queue, out var held))
                return false;
            held.Set();
            return true;
        }
    }

    private List<ClaimedJob> Commit(long lease, IReadOnlyList<WriteSet> sets, ClaimRequest? claim, bool isPatient)
    {
        using var held = new ManualResetEventSlim();
        lock (_gate)
            _held.Add(Thread.CurrentThread.Name!.Replace("Job storage ", "", StringComparison.Ordinal), held);
        held.Wait();
        lock (_gate)
        {
            List<ModelCommit> calls = [.. sets.Select(set => _calls[set])];
            Groups.Add((Thread.CurrentThread.Name!.Replace("Job storage ", "", StringComparison.Ordinal), calls, isPatient));
            if (lease != Current())
                throw new LeaseLostException();
            foreach (var call in calls)
                Meet(call, calls, lease, claim);
            return Write(calls, lease, claim);
        }
    }

    private List<ClaimedJob> Write(List<ModelCommit> calls, long lease, ClaimRequest? claim)
    {
        if (claim is not null && claim.Queues.Contains(RefusedQueue))
            throw new InvalidOperationException("The claim is refused.");
        _written.AddRange(calls);
        calls.FindAll(static call => call.Call.Enqueues).ForEach(_waiting.Enqueue);
        List<ClaimedJob> claims = [];
        while (claims.Count < (claim?.Count ?? 0) && _waiting.TryDequeue(out var job))
        {
            var token = new ClaimToken(Claimed.Count, 1, 0);
            Claimed.Add(token);
            claims.Add(new ClaimedJob(token, lease, job.Call.Job, Queue, Row: null, AskedAt: 0));
        }
        if (claim is not null)
            WrittenWithClaim.UnionWith(calls);
        WriteSet.Claimed([.. calls.Select(static call => call.Set)], claim, new ClaimAnswer(claims, MayHaveMore: false));
        return claims;
    }

    private void Meet(ModelCommit call, List<ModelCommit> group, long lease, ClaimRequest? claim)
    {
        switch (call.Call.Fate)
        {
            case Fate.Conflict:
                throw new WriteConflictException(isClaim: false);
            case Fate.ClaimLost:
                throw new WriteConflictException(isClaim: true);
            case Fate.Refused:
                throw new ArgumentException("The text is too long.");
            case Fate.RowsInUse when call.IsInUse(isAlone: group.Count == 1):
                throw new RowsInUseException();
            case Fate.LeaseEnds when _hasEndedLease.Add(call):
                throw new LeaseLostException();
            case Fate.Outage:
                throw Unavailable(mayBeCommitted: false);
            case Fate.WrittenWithoutAnswer:
                Write(group, lease, claim);
                throw Unavailable(mayBeCommitted: true);
            case Fate.UnwrittenWithoutAnswer:
                throw Unavailable(mayBeCommitted: true);
        }
    }

    private JobStorageUnavailableException Unavailable(bool mayBeCommitted)
    {
        HasLostConnections = true;
        return new JobStorageUnavailableException("The database is gone.", null, mayBeCommitted);
    }

    private sealed class Connection(ModelDatabase database, long lease) : ICommitConnection
    {
        public long LeaseId => lease;

        public IReadOnlyList<ClaimedJob>? Commit(IReadOnlyList<WriteSet> sets, ClaimRequest? claim = null, bool isPatient = true) =>
            database.Commit(lease, sets, claim, isPatient);

        public void Dispose()
        {
        }
    }
}
