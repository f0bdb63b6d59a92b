using Asdamir.Data.Storage.Engine.Writes;

namespace Asdamir.Data.Storage.Contract;

// What is written under the locks and the claim of the connection.
internal sealed partial class StorageConnection
{
    /// <summary>Commits a set under the locks this connection holds, and remembers what it did.</summary>
    public void Commit(WriteSet set)
    {
        Prepare(set);
        if (_batch is not null)
        {
            _batch.Set.Include(set);
            return;
        }
        var state = DropWritten(set);
        if (!set.IsEmpty)
            Write(set);
        Applied(set, state);
    }

    /// <summary>The same, without a thread that waits for the commit. Blocks where more than the set has to be written.</summary>
    public async Task CommitAsync(WriteSet set)
    {
        if (_batch is not null || !ReferenceEquals(_writer, _engine) || !_pending.IsEmpty || _claim is { IsDispatched: false })
        {
            Commit(set);
            return;
        }
        Prepare(set);
        var state = DropWritten(set);
        try
        {
            _claim?.Guard(set);
            if (!set.IsEmpty)
                await _engine.WriteAsync(set, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WriteConflictException or LeaseLostException)
        {
            _locks.Conflict(set, exception);
            throw;
        }
        Applied(set, state);
    }

    private void Applied(WriteSet set, StateWrite? state)
    {
        RememberHolders(set);
        _locks.Applied(set);
        if (state is not null)
            _claim!.MarkStarted();
    }

    /// <summary>Takes out what the claim of the job has written.</summary>
    /// <returns>The state that the set gives the job of this connection.</returns>
    private StateWrite? DropWritten(WriteSet set)
    {
        if (_claim is not { } claim || set.FindJob(claim.Job.JobId) is not { State: { } state } job)
            return null;
        if (claim.HasWritten(state))
        {
            if (claim.IsLost)
                throw new WriteConflictException(isClaim: true);
            job.Leave(state);
            if (job.Changes == 0 && job.History.Count == 0 && _pending.IsEmpty)
                set.Remove(job);
        }
        return state;
    }

    void IWriter.Write(WriteSet set)
    {
        _claim?.Guard(set);
        _writer.Write(set);
    }

    private void Prepare(WriteSet set)
    {
        foreach (var job in set.Jobs)
        {
            // Another connection of this process may have created the job and not written it yet.
            if (!_pending.Contains(job.Id) && !IsOwn(job.Id))
                _engine.Unwritten.Flush(job.Id);
            _locks.Expect(job);
        }
        foreach (var taken in _namedLocks.Values)
            set.DependOn(taken.Lock.LeaseId);
    }

    /// <summary>A transaction of this connection ends without a commit.</summary>
    public void GiveUp() => _pending.GiveUp();

    private void Write(WriteSet set)
    {
        try
        {
            _pending.WriteWith(set);
        }
        catch (Exception exception) when (exception is WriteConflictException or LeaseLostException)
        {
            _locks.Conflict(set, exception);
            throw;
        }
    }
}
