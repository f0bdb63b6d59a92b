using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// The connections that commit, for the lease of this process. The small sets of all threads share one; each large set that is committed
/// meanwhile takes another.
/// </summary>
internal sealed class CommitConnections(ICommitLease leases) : IDisposable
{
    private const int MaxIdle = 2;

    private readonly Stack<ICommitConnection> _idle = new();

    /// <inheritdoc cref="ICommitConnection.Commit"/>
    public IReadOnlyList<ClaimedJob>? Commit(IReadOnlyList<WriteSet> sets, ClaimRequest? claim = null, bool isPatient = true)
    {
        while (true)
        {
            var lease = leases.Current();
            foreach (var set in sets)
            {
                if (set.LeaseId is { } needed && needed != lease)
                    throw new LeaseLostException();
            }
            var connection = Take(lease);
            try
            {
                var claims = connection.Commit(sets, claim, isPatient);
                Return(connection);
                return claims;
            }
            catch (LeaseLostException)
            {
                // Nothing was written. A set that needs no claim and no lock is written under the next lease.
                connection.Dispose();
                leases.Lost(lease);
            }
            catch (JobStorageUnavailableException)
            {
                connection.Dispose();
                throw;
            }
            catch
            {
                Return(connection);
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out var connection))
                connection.Dispose();
        }
    }

    private ICommitConnection Take(long lease)
    {
        lock (_idle)
        {
            while (_idle.TryPop(out var connection))
            {
                if (connection.LeaseId == lease)
                    return connection;
                connection.Dispose();
            }
        }
        return leases.OpenCommitConnection(lease);
    }

    private void Return(ICommitConnection connection)
    {
        lock (_idle)
        {
            if (_idle.Count < MaxIdle)
            {
                _idle.Push(connection);
                return;
            }
        }
        connection.Dispose();
    }
}
