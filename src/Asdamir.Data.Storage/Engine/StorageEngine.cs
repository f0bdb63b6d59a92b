using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Engine.Locks;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Engine;

/// <summary>The parts of an open storage. Created on first use, so that an unreachable database blocks no constructor.</summary>
internal sealed class StorageEngine : IDisposable, IWriter
{
    // Few enough that a transaction takes milliseconds.
    private const int DueBatch = 5_000;

    private readonly Committer _committer;

    public StorageEngine(JobDatabase database, EngineSettings settings)
    {
        Database = database;
        Leases = new LeaseKeeper(database, settings.LeaseTimeout, settings.Enqueued);
        Locks = new StorageLocks(database, Leases);
        InFlight = new InFlightClaims(database);
        Ends = new ClaimEnds(database, Leases, InFlight, this, settings.Enqueued, WakeEverywhere);
        var standing = new StandingClaims();
        Claimers = new Claimers(database, Leases, InFlight, Ends, standing, settings.PollInterval);
        Ids = new IdBlocks(database.ReserveIds);
        Invocations = new Invocations(database);
        Counts = new CappedCounts(database);
        Clock = new JobClock(database, Leases, Locks, settings.ClockPace);
        _committer = new Committer(Leases, standing, database.Time);
        database.ClaimFailed += Leases.SweepSoon;
        Leases.Sweeping += Locks.ReleaseForgotten;
        Leases.Sweeping += Ends.GiveBackForgotten;
        Leases.JobsReleased += Claimers.Wake;
        Leases.JobsWait += Claimers.Wake;
        Leases.LeaseLost += InFlight.Revoke;
        database.Telemetry.Observe(() => InFlight.Count, () => _committer.Waiting);
    }

    public JobDatabase Database { get; }

    public LeaseKeeper Leases { get; }

    public StorageLocks Locks { get; }

    public InFlightClaims InFlight { get; }

    public ClaimEnds Ends { get; }

    public Claimers Claimers { get; }

    public IdBlocks Ids { get; }

    public Invocations Invocations { get; }

    public CappedCounts Counts { get; }

    public JobClock Clock { get; }

    /// <summary>Jobs created on a connection of this process and not written yet.</summary>
    public UnwrittenJobs Unwritten { get; } = new();

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

    /// <summary>Wakes the workers of all processes: jobs in these queues may be claimed.</summary>
    public void WakeEverywhere(IReadOnlyCollection<string> queues)
    {
        if (queues.Count == 0)
            return;
        Claimers.Wake(queues);
        Database.Notify(queues);
    }

    public void Dispose()
    {
        Claimers.Dispose();
        Database.Telemetry.Dispose();
        Clock.Dispose();
        _committer.Dispose();
        Leases.Dispose();
        Database.Dispose();
    }

    // The commit has notified the other processes.
    private void Announce(WriteSet set)
    {
        Clock.Committed(set);
        InFlight.Revoke(set.Revocations);
        if (set.Enqueued.Count > 0 || set.Freed.Count > 0 || set.Released.Count > 0)
            Claimers.Wake([.. set.QueuesToAnnounce]);
    }
}
