using Asdamir.Data.Storage.Leases;

namespace Asdamir.Data.Storage.Writes;

/// <summary>
/// The connections that commit: one is enough for the groups of the committer, a caller with a large set takes
/// another one.
/// </summary>
internal sealed class CommitConnections(LeaseKeeper leases) : IDisposable
{
    private const int MaxIdle = 2;

    private readonly Stack<ICommitConnection> _idle = new();

    public void Commit(IReadOnlyList<WriteSet> sets)
    {
        while (true)
        {
            var lease = leases.Current();
            foreach (var set in sets)
            {
                if (set.LeaseId is { } needed && needed != lease)
                    throw new LeaseLostException();
            }
            var lane = Take(lease);
            try
            {
                lane.Commit(sets);
                Return(lane);
                return;
            }
            catch (LeaseLostException)
            {
                // Nothing was written. What needs no claim and no lock is written in the name of the next lease.
                lane.Dispose();
                leases.Lost(lease);
            }
            catch (JobStorageUnavailableException)
            {
                lane.Dispose();
                throw;
            }
            catch
            {
                Return(lane);
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out var lane))
                lane.Dispose();
        }
    }

    private ICommitConnection Take(long lease)
    {
        lock (_idle)
        {
            while (_idle.TryPop(out var lane))
            {
                if (lane.LeaseId == lease)
                    return lane;
                lane.Dispose();
            }
        }
        return leases.OpenLane(lease);
    }

    private void Return(ICommitConnection lane)
    {
        lock (_idle)
        {
            if (_idle.Count < MaxIdle)
            {
                _idle.Push(lane);
                return;
            }
        }
        lane.Dispose();
    }
}
