using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>All that waits for jobs in this process: claimers for workers, and pumps for servers that start each job at once.</summary>
internal sealed class Claimers(
    JobDatabase database, LeaseKeeper leases, InFlightClaims inFlight, ClaimEnds ends, StandingClaims standing, TimeSpan pollInterval)
    : IDisposable
{
    private static readonly TimeSpan SlowPoll = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Claimer[] _claimers = [];
    private ClaimPump[] _pumps = [];
    private bool _disposed;

    private IEnumerable<IClaimWaiter> Waiters => _claimers.AsEnumerable<IClaimWaiter>().Concat(_pumps);

    // Where a lost announcement is the only reason to poll, the renewal of the lease looks for jobs, too, in its transaction.
    private TimeSpan PollOfServers => database.WakesOthers && pollInterval >= leases.Interval ? SlowPoll : pollInterval;

    /// <summary>Waits for a job for a worker.</summary>
    public ClaimedJob Take(string[] queues, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (ClaimerOf(queues).Take(cancellationToken) is { } claim)
                return claim;
        }
    }

    /// <summary>Begins to claim jobs for a server that starts each at once.</summary>
    /// <param name="queues">Their queues.</param>
    /// <param name="state">The state that a claim made now gives them.</param>
    public ClaimPump Open(string[] queues, Func<ClaimedState> state)
    {
        var pump = new ClaimPump(
            queues, Claim, Stand, () => database.Limited.UntilRoom(queues), ends.GiveBack, leases.SweepSoon, PollOfServers,
            database.Description, database.Time);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _pumps = [.. _pumps, pump];
        }
        return pump;

        ClaimRequest Request(int count) => new(queues, count, state());

        IReadOnlyList<ClaimedJob> Claim(int count) => inFlight.Take(() => database.Claims.Claim(Request(count), leases.Current()));

        StandingClaim Stand(int count)
        {
            var claim = new StandingClaim(queues, () => Request(count), inFlight.Take);
            standing.Add(claim);
            return claim;
        }
    }

    /// <summary>Ends the waits of a server for jobs.</summary>
    public void Close(ClaimPump pump)
    {
        pump.Dispose();
        lock (_gate)
            _pumps = [.. _pumps.Where(other => other != pump)];
    }

    /// <summary>There may be new jobs in any queue.</summary>
    public void Wake()
    {
        database.Limited.Changed();
        foreach (var waiter in Waiters)
            waiter.Wake();
    }

    /// <summary>There may be new jobs in these queues.</summary>
    public void Wake(IReadOnlyCollection<string> queues)
    {
        database.Limited.Changed();
        foreach (var waiter in Waiters)
        {
            if (waiter.Queues.Any(queues.Contains))
                waiter.Wake();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var claimer in _claimers)
                claimer.Dispose();
            foreach (var pump in _pumps)
                pump.Dispose();
            _claimers = [];
            _pumps = [];
        }
    }

    // The order of the queues has a meaning, so other orders are other claimers; they share their connections.
    private Claimer ClaimerOf(string[] queues)
    {
        if (Find(queues) is { } known)
            return known;
        var distinct = queues.Distinct(StringComparer.Ordinal).ToArray();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (Find(distinct) is { } existing)
                return existing;
            var created = new Claimer(database, leases, inFlight, ends.GiveBack, distinct, pollInterval);
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
}
