using Asdamir.Data.Storage.Writes;
using Hangfire.States;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// A job that a worker has started and whose Processing state is not written yet. The state goes into the commit of the worker's
/// next write for the job, usually its end; a thread that needs it earlier writes it.
/// </summary>
internal sealed class DeferredStart(StorageEngine engine, FetchedJob fetched, JobWrite processing)
{
    private readonly Lock _gate = new();
    private volatile bool _isSettled;

    public long JobId => processing.Id;

    /// <summary>The latest time at which it is written, as <see cref="Environment.TickCount64"/>.</summary>
    public long DueAt { get; set; }

    /// <summary>Whether nothing is left to write.</summary>
    public bool IsSettled => _isSettled;

    /// <summary>Writes the start, unless it is already written, or another worker has taken the job.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isSettled)
                return;
            try
            {
                var set = new WriteSet();
                AddTo(set, processing);
                Write(set, engine.Write);
            }
            catch (Exception exception) when (exception is WriteConflictException or LeaseLostException)
            {
                // Settled nevertheless.
            }
        }
    }

    /// <summary>The same for callers that cannot handle a failure.</summary>
    public void TryFlush()
    {
        try
        {
            Flush();
        }
        catch (Exception)
        {
            // It stays unwritten and is retried.
        }
    }

    /// <summary>Adds the start to the worker's next write for the job.</summary>
    public void WriteWith(WriteSet set, Action<WriteSet> write)
    {
        lock (_gate)
        {
            if (!_isSettled)
                set.Job(JobId).Follow(processing);
            Write(set, write);
        }
    }

    /// <summary>The worker returns the job to its queue.</summary>
    public void Drop()
    {
        lock (_gate)
            _isSettled = true;
    }

    /// <summary>
    /// Tries to add this start to a shared batch; false if it is already written or being written. Holds the lock until
    /// <see cref="Leave"/>.
    /// </summary>
    public bool TryJoin(WriteSet set)
    {
        // The job may have started twice here, when the first claim was undone; each start is written separately.
        if (set.LeaseId is { } lease && lease != fetched.Claim.LeaseId || set.FindJob(JobId) is not null || !_gate.TryEnter())
            return false;
        if (_isSettled)
        {
            _gate.Exit();
            return false;
        }
        AddTo(set, processing);
        return true;
    }

    public void Leave(bool isWritten)
    {
        if (isWritten)
            _isSettled = true;
        _gate.Exit();
    }

    private void AddTo(WriteSet set, JobWrite start)
    {
        set.Add(start);
        set.MustStillHold.Add(fetched.Claim.Token);
        set.DependOn(fetched.Claim.LeaseId);
    }

    private void Write(WriteSet set, Action<WriteSet> write)
    {
        try
        {
            write(set);
            _isSettled = true;
        }
        catch (WriteConflictException exception) when (!exception.IsClaim && !_isSettled)
        {
            WriteAnew();
            throw;
        }
        catch (Exception exception) when (exception is WriteConflictException { IsClaim: true } or LeaseLostException)
        {
            _isSettled = true;
            fetched.MarkLost();
            throw;
        }
    }

    // The row was changed after the claim, for example a parameter. When the worker reads it again, it must find
    // its job Processing; otherwise it would assume that the job was taken away, and leave it without an end.
    private void WriteAnew()
    {
        using var locks = new RowLocks(engine.Database);
        using var rowLock = locks.AcquireBegun(JobId);
        if (locks.Find(JobId) is { } row && (row.State == EnqueuedState.StateName || row.State == ProcessingState.StateName))
        {
            var anew = new JobWrite(JobId);
            anew.Follow(processing);
            anew.ExpectedVersion = null;
            var set = new WriteSet();
            AddTo(set, anew);
            locks.Expect(anew);
            Write(set, engine.Write);
            locks.Applied(set);
        }
        _isSettled = true;
    }
}
