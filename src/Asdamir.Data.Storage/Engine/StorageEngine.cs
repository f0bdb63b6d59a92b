using System.Collections.Concurrent;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Engine.Locks;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Hangfire.Common;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Engine;

/// <summary>The parts of an open storage. Created on first use, so that an unreachable database blocks no constructor.</summary>
internal sealed class StorageEngine : IDisposable, IWriter
{
    // Few enough that a transaction takes milliseconds.
    private const int DueBatch = 5_000;

    private static readonly TimeSpan ReleaseRetryDelay = TimeSpan.FromSeconds(2);

    private readonly ILog _log = LogProvider.GetLogger(typeof(StorageEngine));
    private readonly Lock _claimersGate = new();
    private readonly EngineSettings _settings;
    private readonly Committer _committer;
    private Claimer[] _claimers = [];
    private ClaimPump[] _pumps = [];
    private bool _disposed;

    public StorageEngine(SqlDatabase database, EngineSettings settings)
    {
        Database = database;
        _settings = settings;
        Leases = new LeaseKeeper(database, settings.LeaseTimeout);
        Locks = new StorageLocks(database, Leases);
        InFlight = new InFlightClaims(database);
        Ids = new IdBlocks(database);
        Counts = new CappedCounts(database);
        Clock = new JobClock(database, Leases, Locks, settings.ClockPace);
        _committer = new Committer(Leases);
        Leases.Sweeping += GiveBackForgotten;
        Leases.JobsReleased += WakeAll;
        Leases.LeaseLost += InFlight.Revoke;
        database.Telemetry.Observe(() => InFlight.Count, () => _committer.Waiting);
    }

    public SqlDatabase Database { get; }

    public LeaseKeeper Leases { get; }

    public StorageLocks Locks { get; }

    public InFlightClaims InFlight { get; }

    public IdBlocks Ids { get; }

    public CappedCounts Counts { get; }

    public JobClock Clock { get; }

    public Servers Servers { get; } = new();

    /// <summary>Jobs created on a connection of this process and not written yet.</summary>
    public ConcurrentDictionary<long, PendingJobs> Pending { get; } = new();

    public string NameOf(Job job) => _settings.NameOf(job);

    /// <summary>What this process may load; <see langword="null"/> for everything.</summary>
    public IJobLoader? JobLoader => _settings.JobLoader;

    /// <summary>Returns when the set is durable, and wakes the workers it is for.</summary>
    public void Write(WriteSet set)
    {
        Outages.CheckFailures(set);
        _committer.Commit(set);
        Announce(set);
    }

    /// <summary>Completes when the set is durable, and wakes the workers it is for. No thread waits meanwhile.</summary>
    /// <param name="set">What is written.</param>
    /// <param name="cancellationToken">Has an effect until the commit begins: nothing is written then.</param>
    public async Task WriteAsync(WriteSet set, CancellationToken cancellationToken)
    {
        Outages.CheckFailures(set);
        await _committer.CommitAsync(set, cancellationToken).ConfigureAwait(false);
        Announce(set);
    }

    /// <summary>Writes metadata of a job, unless the job was claimed here and another worker has taken it.</summary>
    public void WriteMetadata(long jobId, WriteSet notes)
    {
        if (InFlight.ClaimOf(jobId) is { } claim)
        {
            notes.MustStillHold.Add(claim.Token);
            notes.DependOn(claim.LeaseId);
        }
        TryWrite(notes);
    }

    public ClaimedJob Claim(string[] queues, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (ClaimerOf(queues).Take(cancellationToken) is { } claim)
                return claim;
        }
    }

    /// <summary>Begins to claim jobs for a server that starts each at once.</summary>
    public JobClaims OpenClaims(string[] queues, string serverId)
    {
        var pump = new ClaimPump(
            queues, count => ClaimFor(serverId, queues, count), ReleaseClaims, Leases.SweepSoon,
            _settings.PollInterval, Database.Description, TimeProvider.System);
        lock (_claimersGate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _pumps = [.. _pumps, pump];
        }
        return new JobClaims(this, pump, serverId);
    }

    private IReadOnlyList<ClaimedJob> ClaimFor(string serverId, string[] queues, int count) =>
        InFlight.Take(() => Database.Claims.Claim(queues, count, Leases.Current(), new ClaimedState(serverId)));

    /// <summary>Ends the waits of a server for jobs.</summary>
    public void Close(ClaimPump pump)
    {
        pump.Dispose();
        lock (_claimersGate)
            _pumps = [.. _pumps.Where(other => other != pump)];
    }

    public void CompleteClaim(ClaimedJob claim)
    {
        if (!Leases.IsCurrent(claim.LeaseId))
            return;
        var set = new WriteSet();
        set.Completed.Add(claim.Token);
        set.DependOn(claim.LeaseId);
        TryWrite(set);
    }

    /// <summary>Adds the delayed jobs that are due to their queues, and wakes the workers they are for.</summary>
    public int EnqueueDelayedJobs()
    {
        var total = 0;
        IReadOnlyList<string> queues;
        do
        {
            queues = Database.EnqueueDue(DueBatch);
            total += queues.Count;
            if (queues.Count > 0)
            {
                Clock.Progress(DueJobs.Delayed);
                WakeEverywhere([.. queues.Distinct(StringComparer.Ordinal)]);
            }
        }
        while (queues.Count == DueBatch);
        return total;
    }

    /// <summary>Puts claims of jobs that were not started back into their queues.</summary>
    public void ReleaseClaims(IReadOnlyList<ClaimedJob> claims) => ReleaseClaims(claims, hasStarted: false);

    /// <summary>Puts claims back into their queues. When the database is unreachable, it retries in the background.</summary>
    public void ReleaseClaims(IReadOnlyList<ClaimedJob> claims, bool hasStarted)
    {
        foreach (var claim in claims)
            InFlight.End(claim);
        try
        {
            foreach (var lease in claims.GroupBy(static claim => claim.LeaseId).Where(lease => Leases.IsCurrent(lease.Key)))
                Return(lease.Key, lease.Select(static claim => claim.Token), hasStarted);
        }
        catch (JobStorageUnavailableException)
        {
            // As long as this process lives, no other process releases them.
            _ = Detached.Start(() => ReleaseLaterAsync(claims, hasStarted));
        }
    }

    public void FlushPending(long jobId)
    {
        if (Pending.TryGetValue(jobId, out var pending))
            pending.Flush();
    }

    public void Dispose()
    {
        lock (_claimersGate)
        {
            _disposed = true;
            foreach (var claimer in _claimers)
                claimer.Dispose();
            foreach (var pump in _pumps)
                pump.Dispose();
            _claimers = [];
            _pumps = [];
        }
        Database.Telemetry.Dispose();
        Clock.Dispose();
        _committer.Dispose();
        Leases.Dispose();
        Database.Dispose();
    }

    private async Task ReleaseLaterAsync(IReadOnlyList<ClaimedJob> claims, bool hasStarted)
    {
        await Task.Delay(ReleaseRetryDelay).ConfigureAwait(false);
        ReleaseClaims(claims, hasStarted);
    }

    // Claims and locks that belong to the lease of this process without a holder here.
    private void GiveBackForgotten(long lease)
    {
        Locks.ReleaseForgotten(lease);
        var forgotten = InFlight.FindForgotten(lease, out var isCertain);
        if (!isCertain)
            Leases.SweepSoon();
        if (forgotten.Count == 0)
            return;
        Return(lease, forgotten, hasStarted: false);
        _log.Warn(
            $"{forgotten.Count} job(s) of {Database.Description} were claimed for this process, but the response was lost; "
                + "they were released.");
    }

    private void Return(long lease, IEnumerable<ClaimToken> claims, bool hasStarted)
    {
        var queues = Conflicts.Retry(Database, () =>
        {
            using var session = Database.Begin(relaxed: true);
            var returned = new ClaimReturns(Database, session).Return(lease, claims, hasStarted);
            session.Commit();
            return returned;
        });
        WakeEverywhere([.. queues.Distinct(StringComparer.Ordinal)]);
    }

    // A lost claim belongs to another process: there is nothing to end.
    private void TryWrite(WriteSet set)
    {
        try
        {
            Write(set);
        }
        catch (Exception exception) when (exception is LeaseLostException or WriteConflictException { IsClaim: true })
        {
        }
    }

    // The order of the queues has a meaning, so other orders are other claimers; they share their connections.
    private Claimer ClaimerOf(string[] queues)
    {
        if (Find(queues) is { } known)
            return known;
        var distinct = queues.Distinct(StringComparer.Ordinal).ToArray();
        lock (_claimersGate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (Find(distinct) is { } existing)
                return existing;
            var created = new Claimer(Database, Leases, InFlight, ReleaseClaims, distinct, _settings.PollInterval);
            _claimers = [.. _claimers.Where(static claimer => !claimer.HasEnded), created];
            return created;
        }
    }

    private Claimer? Find(string[] queues)
    {
        foreach (var claimer in _claimers)
        {
            if (!claimer.HasEnded && claimer.Queues.SequenceEqual(queues))
                return claimer;
        }
        return null;
    }

    private IEnumerable<IClaimWaiter> Waiters => _claimers.AsEnumerable<IClaimWaiter>().Concat(_pumps);

    private void WakeAll()
    {
        foreach (var waiter in Waiters)
            waiter.Wake();
    }

    // The commit has notified the other processes.
    private void Announce(WriteSet set)
    {
        Clock.Committed(set);
        InFlight.Revoke(set.Revocations);
        if (set.Enqueued.Count > 0)
            WakeHere([.. set.Enqueued.Select(static entry => entry.Queue)]);
    }

    private void WakeEverywhere(IReadOnlyCollection<string> queues)
    {
        if (queues.Count == 0)
            return;
        WakeHere(queues);
        Database.Notify(queues);
    }

    private void WakeHere(IReadOnlyCollection<string> queues)
    {
        foreach (var waiter in Waiters)
        {
            if (waiter.Queues.Any(queues.Contains))
                waiter.Wake();
        }
    }
}

/// <summary>Makes a write set durable: the storage in groups, or the transaction of the caller.</summary>
internal interface IWriter
{
    void Write(WriteSet set);
}

internal sealed class EngineSettings(TimeSpan leaseTimeout, TimeSpan pollInterval, Func<Job, string> nameOf)
{
    private readonly bool _hasOwnName = nameOf != SqlJobStorage.DefaultName;

    public TimeSpan LeaseTimeout => leaseTimeout;

    public TimeSpan PollInterval => pollInterval;

    public IJobLoader? JobLoader { get; set; }

    public ClockPace ClockPace { get; set; } = ClockPace.Default;

    public Func<Job, string> NameOf { get; private set; } = nameOf;

    /// <summary>Sets the naming of jobs, unless the storage's options set it.</summary>
    public void UseName(Func<Job, string> name)
    {
        if (!_hasOwnName)
            NameOf = name;
    }
}
