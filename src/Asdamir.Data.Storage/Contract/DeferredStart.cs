using Asdamir.Data.Storage.Writes;
using Hangfire.States;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// A job that a worker has begun and whose Processing state is not written yet. It goes into the commit of what the worker
/// writes next about the job, mostly its end; whoever needs it earlier writes it.
/// </summary>
internal sealed class DeferredStart(StorageEngine engine, FetchedJob fetched, JobWrite processing)
{
    private readonly Lock _gate = new();
    private volatile bool _isSettled;

    public long JobId => processing.Id;

    /// <summary>When it is written at the latest, as <see cref="Environment.TickCount64"/>.</summary>
    public long DueAt { get; set; }

    /// <summary>Whether nothing is left to write.</summary>
    public bool IsSettled => _isSettled;

    /// <summary>Writes the beginning, unless somebody has, or the job is not this worker's any more.</summary>
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
                // Settled all the same.
            }
        }
    }

    /// <summary>The same, for nobody who could do anything about it when that fails.</summary>
    public void TryFlush()
    {
        try
        {
            Flush();
        }
        catch (Exception)
        {
            // It stays unwritten, and is tried again.
        }
    }

    /// <summary>Writes what the worker has to say about the job, together with the beginning.</summary>
    public void WriteWith(WriteSet set, Action<WriteSet> write)
    {
        lock (_gate)
        {
            if (!_isSettled)
                set.Job(JobId).Follow(processing);
            Write(set, write);
        }
    }

    /// <summary>The worker gives the job back.</summary>
    public void Drop()
    {
        lock (_gate)
            _isSettled = true;
    }

    /// <summary>Puts the beginning into a set of many, until <see cref="Leave"/>; not when there is nothing to do, or somebody is doing it.</summary>
    public bool TryJoin(WriteSet set)
    {
        // The job may have begun twice here, when the claim of the first one was undone: each is written for itself.
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

    private void AddTo(WriteSet set, JobWrite beginning)
    {
        set.Add(beginning);
        set.Held.Add(fetched.Claim.Token);
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

    // Somebody has changed the row since it was claimed, a parameter perhaps. When the worker looks at it again, it must find
    // its job Processing: otherwise it would think that somebody had taken it away, and leave it without an end.
    private void WriteAnew()
    {
        using var locks = new RowLocks(engine.Database);
        using var mark = locks.AcquireBegun(JobId);
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
