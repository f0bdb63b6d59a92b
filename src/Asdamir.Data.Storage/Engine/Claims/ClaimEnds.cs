using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>Ends claims of this process, and puts jobs back into their queues.</summary>
/// <param name="wake">Called with queues that have jobs again.</param>
internal sealed class ClaimEnds(
    JobDatabase database, LeaseKeeper leases, InFlightClaims inFlight, IWriter writer, EnqueuedData enqueued,
    Action<IReadOnlyCollection<string>> wake)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly StorageLog _log = new(typeof(ClaimEnds));

    /// <summary>Whether the lease of the claim is the one of this process.</summary>
    public bool IsCurrent(ClaimedJob claim) => leases.IsCurrent(claim.LeaseId);

    /// <summary>The claim has no holder any more.</summary>
    public void Forget(ClaimedJob claim) => inFlight.End(claim);

    public bool HasNote(long jobId, string name, string value) => MetadataTable.Has(database, jobId, name, value);

    /// <summary>
    /// Removes the job from its queue. One that was started and is Enqueued, with no other place in a queue, goes back to its place: a
    /// failover can undo its start and keep the claim.
    /// </summary>
    public void Complete(ClaimedJob claim, bool hasStarted)
    {
        if (!IsCurrent(claim))
            return;
        if (hasStarted)
        {
            Change(returns =>
            {
                var queues = returns.RemoveOrReturn(claim.LeaseId, claim.Token);
                return claim.IsLimited ? [.. queues, claim.Queue] : queues;
            });
            return;
        }
        var set = new WriteSet();
        set.Complete(claim);
        TryWrite(set);
    }

    /// <summary>Writes metadata of a job, unless the job was claimed here and another worker has taken it.</summary>
    public void WriteMetadata(long jobId, WriteSet notes)
    {
        if (inFlight.ClaimOf(jobId) is { } claim)
        {
            notes.MustStillHold.Add(claim.Token);
            notes.DependOn(claim.LeaseId);
        }
        TryWrite(notes);
    }

    /// <summary>Puts claims of jobs that were not started back into their queues.</summary>
    public void GiveBack(IReadOnlyList<ClaimedJob> claims) => GiveBack(claims, hasStarted: false);

    /// <summary>Puts claims back into their queues. When the database is unreachable, it retries in the background.</summary>
    public void GiveBack(IReadOnlyList<ClaimedJob> claims, bool hasStarted)
    {
        foreach (var claim in claims)
            inFlight.End(claim);
        try
        {
            foreach (var lease in claims.GroupBy(static claim => claim.LeaseId).Where(lease => leases.IsCurrent(lease.Key)))
                Return(lease.Key, lease.Select(static claim => claim.Token), hasStarted);
        }
        catch (JobStorageUnavailableException)
        {
            // As long as this process lives, no other process releases them.
            _ = Detached.Start(() => GiveBackLaterAsync(claims, hasStarted));
        }
        catch
        {
            leases.SweepSoon();
            throw;
        }
    }

    /// <summary>Puts claims that belong to the lease of this process without a holder here back into their queues.</summary>
    public void GiveBackForgotten(long lease)
    {
        var forgotten = inFlight.FindForgotten(lease, out var isCertain);
        if (!isCertain)
            leases.SweepSoon();
        if (forgotten.Count == 0)
            return;
        Return(lease, forgotten, hasStarted: false);
        _log.Warn(
            $"{forgotten.Count} job(s) of {database.Description} were claimed for this process, but the response was lost; "
                + "they were released.");
    }

    private async Task GiveBackLaterAsync(IReadOnlyList<ClaimedJob> claims, bool hasStarted)
    {
        await Task.Delay(RetryDelay, database.Time).ConfigureAwait(false);
        GiveBack(claims, hasStarted);
    }

    private void Return(long lease, IEnumerable<ClaimToken> claims, bool hasStarted) =>
        Change(returns => returns.Return(lease, claims, hasStarted));

    // Flushed: a crash of the database must not give the claims back to a process that has forgotten them.
    private void Change(Func<ClaimReturns, List<string>> change)
    {
        var queues = Conflicts.Retry(database, () =>
        {
            using var session = database.Begin();
            var returned = change(new ClaimReturns(database, session, enqueued));
            session.Commit();
            return returned;
        });
        wake([.. queues.Distinct(StringComparer.Ordinal)]);
    }

    // A lost claim belongs to another process: there is nothing to end.
    private void TryWrite(WriteSet set)
    {
        try
        {
            writer.Write(set);
        }
        catch (Exception exception) when (exception is LeaseLostException or WriteConflictException { IsClaim: true })
        {
        }
    }
}
