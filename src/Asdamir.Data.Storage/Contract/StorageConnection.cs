using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Locks;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// The storage as one thread of Hangfire uses it. It holds no database connection; it tracks which jobs it has
/// locked or fetched, at which version, and which it has created but not yet written.
/// </summary>
internal sealed partial class StorageConnection : JobStorageConnection, IWriter
{
    private readonly StorageEngine _engine;
    private readonly ISessions _sessions;
    private readonly IWriter _writer;
    private readonly PendingJobs _pending;
    private readonly RowLocks _locks;
    private readonly Batch? _batch;
    private FetchedJob? _fetched;

    /// <param name="sessions">The database of the engine, or the transaction of a caller in it.</param>
    /// <param name="writer">What commits.</param>
    /// <param name="batch">Collects all that is written, until it is taken; <see langword="null"/> to commit each transaction.</param>
    public StorageConnection(StorageEngine engine, ISessions sessions, IWriter writer, Batch? batch = null)
    {
        _engine = engine;
        _sessions = sessions;
        _writer = writer;
        _batch = batch;
        _pending = new PendingJobs(engine, this, isPrivate: batch is not null);
        _locks = new RowLocks(sessions, keepsUntilDisposed: batch is not null);
    }

    /// <summary>The connection of a job that was claimed for a server.</summary>
    public static StorageConnection Of(StorageEngine engine, FetchedJob fetched)
    {
        var connection = new StorageConnection(engine, engine.Database, engine);
        connection.Own(fetched);
        return connection;
    }

    public StorageEngine Engine => _engine;

    public override IWriteOnlyTransaction CreateWriteTransaction() => new StorageTransaction(this);

    public override IDisposable AcquireDistributedLock(string resource, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(resource);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        if (!JobIds.IsLockOf(resource, out var jobId))
            return AcquireNamedLock(resource, timeout);
        if (_fetched?.Claim.JobId != jobId)
            _engine.FlushPending(jobId);
        return _locks.Acquire(jobId, resource, timeout);
    }

    public override string CreateExpiredJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(parameters);
        var id = NextId();
        _pending.Add(new JobWrite(id) { New = NewJob.Of(job, parameters!, createdAt, expireIn, _engine.NameOf) });
        return JobIds.Format(id);
    }

    public override IFetchedJob FetchNextJob(string[] queues, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queues);
        if (_batch is not null)
            throw new NotSupportedException("A batch cannot fetch jobs. Fix: use a connection of the storage itself.");
        CheckQueues(queues, nameof(queues));
        _pending.Flush();
        var fetched = new FetchedJob(_engine, _engine.Claim(Array.ConvertAll(queues, StorableText.Of), cancellationToken));
        Own(fetched);
        return fetched;
    }

    /// <exception cref="ArgumentException">There is no queue, or one is <see langword="null"/>.</exception>
    public static void CheckQueues(IReadOnlyCollection<string> queues, string parameter)
    {
        ArgumentNullException.ThrowIfNull(queues, parameter);
        if (queues.Count == 0)
            throw new ArgumentException("At least one queue is needed.", parameter);
        if (queues.Contains(null))
            throw new ArgumentException($"A queue is null (of {queues.Count}). Fix: pass names of queues only.", parameter);
    }

    public override void SetJobParameter(string id, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(name);
        name = StorableText.Of(name);
        value = StorableText.OrNull(value);
        if (!JobIds.TryParse(id, out var jobId) || _pending.TrySet(jobId, name, value))
            return;
        // A parent's list of continuations, while one of them is created: both are written together.
        if (!_pending.IsEmpty && _locks.Keep(jobId) is { } locked)
        {
            var change = new JobWrite(jobId);
            _locks.Expect(change);
            _pending.Defer(change, locked, name, value);
            return;
        }
        var set = new WriteSet();
        set.Job(jobId).Set(name, value);
        Commit(set);
    }

    public override string? GetJobParameter(string id, string name)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(name);
        name = StorableText.Of(name);
        if (!JobIds.TryParse(id, out var jobId))
            return null;
        var value = ReadParameter(jobId, name);
        return name == UntrustedJson.Continuations && value is not null && _engine.JobLoader is not null
            ? UntrustedJson.ContinuationsOf(value)
            : value;
    }

    private string? ReadParameter(long jobId, string name)
    {
        if (_pending.TryGet(jobId, name, out var pending))
            return pending;
        if (_locks.FindFetched(jobId) is { } known)
            return known.Parameters.GetValueOrDefault(name);
        _engine.FlushPending(jobId);
        using var session = _sessions.Read();
        return Json.Read(session.First("SELECT parameters FROM {s}job WHERE id = @id", static row => row.GetString(0), ("@id", jobId)))
            .GetValueOrDefault(name);
    }

    public override JobData? GetJobData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (!JobIds.TryParse(jobId, out var id))
            return null;
        if (_pending.Find(id) is { } pending)
            return pending;
        // A worker whose claim is lost must not continue: for it, the job no longer exists.
        if (_locks.IsLost(id))
            return null;
        // A lock keeps others from changing the state, not from setting parameters: these are read again.
        if (_locks.FindFetched(id) is { } known)
            return DataOf(known);
        _engine.FlushPending(id);
        using var session = _sessions.Read();
        return session.First($"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE j.id = @id", JobRow.Read, ("@id", id)) is { } row
            ? DataOf(row)
            : null;
    }

    private JobData DataOf(JobRow row)
    {
        var data = row.ToJobData(_engine.JobLoader);
        if (_fetched?.Claim.JobId == row.Id)
            data.State = _fetched.StateOf(data.State);
        return data;
    }

    public override StateData? GetStateData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (!JobIds.TryParse(jobId, out var id))
            return null;
        if (_pending.Find(id) is not null)
            return null;
        _engine.FlushPending(id);
        using var session = _sessions.Read();
        return session.First(
            "SELECT state, state_reason, state_data FROM {s}job WHERE id = @id AND state IS NOT NULL",
            row =>
                new StateData
                {
                    Name = row.GetString(0), Reason = row.TextOrNull(1),
                    Data = UntrustedJson.ReadState(row.TextOrNull(2), _engine.JobLoader)
                },
            ("@id", id));
    }

    public override DateTime GetUtcDateTime()
    {
        using var session = _sessions.Read();
        return Micros.ToUtc(session.Number("SELECT {now}")!.Value);
    }

    public override void AnnounceServer(string serverId, ServerContext context)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        ArgumentNullException.ThrowIfNull(context);
        _engine.Servers.Announce(_sessions, serverId, context);
    }

    public override void RemoveServer(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        _engine.Servers.Remove(_sessions, serverId);
    }

    public override void Heartbeat(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        _engine.Servers.Heartbeat(_sessions, serverId);
    }

    public override int RemoveTimedOutServers(TimeSpan timeOut)
    {
        if (timeOut < TimeSpan.Zero)
            throw new ArgumentException($"The timeout of a server must not be negative; it is {timeOut}.", nameof(timeOut));
        return Servers.RemoveTimedOut(_sessions, timeOut);
    }

    public override void Dispose()
    {
        try
        {
            // A batch outlives the calls that use its connection.
            if (_batch is null)
                End();
        }
        finally
        {
            base.Dispose();
        }
    }

    private void Own(FetchedJob fetched)
    {
        _fetched = fetched;
        _locks.Fetched(fetched);
    }

    private void End()
    {
        try
        {
            _pending.End();
        }
        finally
        {
            _locks.Dispose();
            ReleaseNamedLocks();
        }
    }

    public long NextId() => _batch is not null && _batch.TryNextId(out var id) ? id : _engine.Ids.Next();
}
