using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Locks;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// The storage as one thread of Hangfire uses it. It holds no database connection; it tracks which jobs it has
/// locked or fetched, at which version, and which it has created but not yet written.
/// </summary>
internal sealed partial class StorageConnection : JobStorageConnection, IWriter, IKeyedConnection
{
    private readonly OpenStorage _open;
    private readonly StorageEngine _engine;
    private readonly ISessions _sessions;
    private readonly IWriter _writer;
    private readonly PendingJobs _pending;
    private readonly RowLocks _locks;
    private readonly Batch? _batch;
    private readonly JobReader _reader;
    private WorkerClaim? _claim;

    /// <param name="sessions">The database of the engine, or the transaction of a caller in it.</param>
    /// <param name="writer">What commits.</param>
    /// <param name="batch">Collects all that is written, until it is taken; <see langword="null"/> to commit each transaction.</param>
    public StorageConnection(OpenStorage open, ISessions sessions, IWriter writer, Batch? batch = null)
    {
        _open = open;
        _engine = open.Engine;
        _sessions = sessions;
        _writer = writer;
        _batch = batch;
        _pending = new PendingJobs(_engine.Unwritten, _engine.Database, this, isPrivate: batch is not null);
        _locks = new RowLocks(sessions, _engine.Database.Time, keepsUntilDisposed: batch is not null);
        _reader = new JobReader(open.JobLoader);
    }

    public OpenStorage Open => _open;

    /// <summary>Whether a caller commits what is written, or does not.</summary>
    public bool IsInTransaction => !ReferenceEquals(_writer, _engine);

    public override IWriteOnlyTransaction CreateWriteTransaction() => new StorageTransaction(this);

    public override IDisposable AcquireDistributedLock(string resource, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(resource);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        if (!JobIds.IsLockOf(resource, out var jobId))
            return AcquireNamedLock(resource, timeout);
        if (!IsOwn(jobId))
            _engine.Unwritten.Flush(jobId);
        return _locks.Acquire(jobId, timeout, out var isInUse)
            ?? throw (isInUse ? new JobInUseException(resource, JobIds.Format(jobId)) : new DistributedLockTimeoutException(resource));
    }

    public override string CreateExpiredJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(parameters);
        var id = NextId();
        _pending.Add(new JobWrite(id) { New = Describe(job, parameters!, createdAt, expireIn) });
        return JobIds.Format(id);
    }

    public override IFetchedJob FetchNextJob(string[] queues, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queues);
        if (_batch is not null)
            throw new NotSupportedException("A batch cannot fetch jobs. Fix: use a connection of the storage itself.");
        CheckQueues(queues, nameof(queues));
        _pending.Flush();
        while (true)
        {
            var job = _engine.Claimers.Take(Array.ConvertAll(queues, StorableText.Of), cancellationToken);
            var claim = new WorkerClaim(_engine.Ends, job);
            Own(claim);
            var fetched = new FetchedJob(claim);
            if (job.SkippedBy is not { } limit)
                return fetched;
            using (fetched)
                Skip(fetched, limit);
        }
    }

    // With the filters of Hangfire's own server, as its worker would end it.
    private void Skip(FetchedJob fetched, string limit)
    {
        new BackgroundJobStateChanger().ChangeState(new StateChangeContext(
            _open.Storage, this, fetched.JobId, new DeletedState { Reason = JobLimits.SkipReason(limit) },
            EnqueuedState.StateName, ScheduledState.StateName, ProcessingState.StateName));
        fetched.RemoveFromQueue();
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
        return name == UntrustedJson.Continuations && value is not null && _open.JobLoader is not null
            ? UntrustedJson.ContinuationsOf(value)
            : value;
    }

    private string? ReadParameter(long jobId, string name)
    {
        if (_pending.TryGet(jobId, name, out var pending))
            return pending;
        if (_locks.Find(jobId) is { } known)
            return known.Parameters.GetValueOrDefault(name);
        _engine.Unwritten.Flush(jobId);
        return Json.Read(JobTable.Parameters(_sessions, jobId)).GetValueOrDefault(name);
    }

    public override JobData? GetJobData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (!JobIds.TryParse(jobId, out var id))
            return null;
        if (_pending.Find(id) is { } pending)
            return _reader.Read(pending);
        // A worker whose claim is lost must not continue: for it, the job no longer exists.
        if (IsOwn(id) && _claim!.IsLost)
            return null;
        // A lock keeps others from changing the state, not from setting parameters: these are read again.
        if (_locks.Find(id) is { } known)
            return IsExecutedByAnother(known) ? null : DataOf(known);
        _engine.Unwritten.Flush(id);
        return JobTable.Find(_sessions, id) is { } row && !IsExecutedByAnother(row) ? DataOf(row) : null;
    }

    // A job that was deleted while it waited, and requeued, is in its queue twice: only one of the two claims may start it. The state names
    // the claim that does; while that is in force, the job does not exist for the other one.
    private bool IsExecutedByAnother(JobRow row) =>
        IsOwn(row.Id)
        && row.State == JobStates.Processing
        && _claim is { HasStarted: false, Job.HasBegun: false }
        && JobTable.State(_sessions, row.Id) is { } state
        && StateText.Read(state.Name, state.At, state.Text).GetValueOrDefault("WorkerId") is { } worker
        && worker != _claim.Job.Token.WorkerId
        && QueueTable.IsClaimedBy(_sessions, row.Id, worker);

    private JobData DataOf(JobRow row)
    {
        var data = _reader.Read(row);
        if (IsOwn(row.Id))
            data.State = _claim!.StateOf(data.State);
        return data;
    }

    public override StateData? GetStateData(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        if (!JobIds.TryParse(jobId, out var id))
            return null;
        if (_pending.Find(id) is not null)
            return null;
        _engine.Unwritten.Flush(id);
        return JobTable.State(_sessions, id) is { } state
            ? new StateData { Name = state.Name, Reason = state.Reason, Data = UntrustedJson.ReadState(state, _open.JobLoader) }
            : null;
    }

    public override DateTime GetUtcDateTime() => Micros.ToUtc(_sessions.Now());

    public override void AnnounceServer(string serverId, ServerContext context)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        ArgumentNullException.ThrowIfNull(context);
        _open.Servers.Announce(_sessions, serverId, context);
    }

    public override void RemoveServer(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        _open.Servers.Remove(_sessions, serverId);
    }

    public override void Heartbeat(string serverId)
    {
        ArgumentNullException.ThrowIfNull(serverId);
        _open.Servers.Heartbeat(_sessions, serverId);
    }

    public override int RemoveTimedOutServers(TimeSpan timeOut)
    {
        if (timeOut < TimeSpan.Zero)
            throw new ArgumentException($"The timeout of a server must not be negative; it is {timeOut}.", nameof(timeOut));
        return ServerTable.EndTimedOut(_sessions, timeOut);
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

    /// <summary>The connection works under this claim from now on.</summary>
    public void Own(WorkerClaim claim)
    {
        _claim = claim;
        _locks.Claim = claim;
    }

    private bool IsOwn(long jobId) => _claim is { } claim && claim.IsOf(jobId);

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
