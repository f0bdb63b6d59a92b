using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>A process without threads: the test makes each of its steps.</summary>
internal sealed class ModelProcess : ICommitLease, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SqliteDatabase _database;
    private readonly LeaseTable _table;
    private readonly LeaseRounds _rounds;
    private readonly CommitConnections _connections;
    private ILivenessLock _liveness;
    private long _lease;
    private bool _renews = true;

    public ModelProcess(string file, TimeProvider time)
    {
        _database = new SqliteDatabase($"Data Source={file}", new SqliteJobStorageOptions { Durable = false, TimeProvider = time });
        _table = new LeaseTable(_database, Timeout, Interval, HangfireStates.EnqueuedData);
        _rounds = new LeaseRounds(_database, _table, Interval, Timeout);
        _rounds.Lost += Lost;
        _connections = new CommitConnections(this);
        _liveness = _database.TakeLivenessLock(static () => { });
    }

    /// <summary>Claims that it has not ended, as far as it knows.</summary>
    public List<Held> Claims { get; } = [];

    public long Current()
    {
        if (_lease == 0)
        {
            _lease = _table.Open();
            _renews = true;
        }
        return _lease;
    }

    public ICommitConnection OpenCommitConnection(long lease) => _database.OpenCommitConnection(lease);

    // A process that has lost its lease takes part again, with another lock. It may still try to end the jobs that it has lost.
    public void Lost(long lease)
    {
        if (_lease != lease)
            return;
        _lease = 0;
        _liveness.Dispose();
        _liveness = _database.TakeLivenessLock(static () => { });
    }

    public IEnumerable<long> Leases() => _table.Read().Select(static row => row.Id);

    public void Round()
    {
        var renews = _renews;
        _renews = false;
        _rounds.Next(Current(), _liveness, renews);
    }

    public IReadOnlyList<Held> Claim(string queue, int count)
    {
        Held[] claims =
            [.. _database.Claims.Claim(new ClaimRequest([queue], count, null), Current()).Select(claim => new Held(this, claim))];
        Claims.AddRange(claims);
        return claims;
    }

    /// <summary>The operating system releases its lock.</summary>
    public void Die() => Dispose(endsLease: false);

    /// <summary>As a process that is dead to the others, and lives.</summary>
    public void LoseLock() => _liveness.Dispose();

    public void Dispose() => Dispose(endsLease: true);

    private void Dispose(bool endsLease)
    {
        if (endsLease && _lease != 0)
            _table.EndOwn(_lease);
        _liveness.Dispose();
        _connections.Dispose();
        _database.Dispose();
    }

    /// <summary>A claim of this process.</summary>
    internal sealed class Held(ModelProcess process, ClaimedJob claim)
    {
        public ClaimedJob Claim => claim;

        /// <returns>Whether the end of the job is committed.</returns>
        public bool TryEnd()
        {
            process.Claims.Remove(this);
            var set = new WriteSet();
            set.Job(claim.JobId).Enter(new StateWrite("Succeeded", null, 0, "{}"));
            set.Completed.Add(claim.Token);
            set.DependOn(claim.LeaseId);
            try
            {
                process._connections.Commit([set]);
                return true;
            }
            catch (Exception exception) when (exception is LeaseLostException or WriteConflictException { IsClaim: true })
            {
                return false;
            }
        }
    }
}
