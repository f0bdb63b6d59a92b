using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Jobs that Hangfire created on one connection and that have no state yet. It does both in two steps; only the caller
/// knows the id in between, so both go into the one commit of the second step, and with them what is changed meanwhile
/// of a job that is locked: the list of those that wait for it. When the second step is given up, nothing is written. Another
/// connection of this process that asks for such a job writes it first, and so does the end of the connection.
/// </summary>
/// <param name="unwritten">Where other connections of this process find them.</param>
/// <param name="sessions">The database of the storage.</param>
/// <param name="writer">Commits them.</param>
/// <param name="isPrivate">Whether no other connection writes them earlier: they belong to a batch.</param>
internal sealed class PendingJobs(UnwrittenJobs unwritten, ISessions sessions, IWriter writer, bool isPrivate)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, JobWrite> _jobs = [];
    private readonly Dictionary<long, JobWrite> _changes = [];
    private readonly List<IDisposable> _locks = [];
    private bool _failed;
    private bool _mayBeWritten;

    // Read without the gate on purpose: only the connection's own thread adds.
    public bool IsEmpty => _jobs.Count == 0;

    public void Add(JobWrite job)
    {
        lock (_gate)
            _jobs.Add(job.Id, job);
        if (!isPrivate)
            unwritten.Add(job.Id, this);
    }

    /// <summary>Changes a parameter of a job that is still pending.</summary>
    public bool TrySet(long jobId, string name, string? value)
    {
        lock (_gate)
        {
            if (!_jobs.TryGetValue(jobId, out var job))
                return false;
            job.New!.Parameters[name] = value;
            return true;
        }
    }

    /// <summary>Changes a parameter of a job that exists when the pending ones get their state.</summary>
    /// <param name="change">What the commit has to find; used if it is the first change of the job.</param>
    /// <param name="locked">The lock of the job, which is kept until then.</param>
    public void Defer(JobWrite change, IDisposable locked, string name, string? value)
    {
        lock (_gate)
        {
            _locks.Add(locked);
            if (!_changes.TryGetValue(change.Id, out var known))
                _changes.Add(change.Id, known = change);
            known.Set(name, value);
        }
    }

    public bool TryGet(long jobId, string name, out string? value)
    {
        lock (_gate)
        {
            if (_changes.TryGetValue(jobId, out var change) && change.Parameters!.TryGetValue(name, out value))
                return true;
            value = null;
            return _jobs.TryGetValue(jobId, out var job) && (job.New!.Parameters.TryGetValue(name, out value) || true);
        }
    }

    /// <summary>A job that is pending, as it will be written.</summary>
    public NewJob? Find(long jobId)
    {
        if (IsEmpty)
            return null;
        lock (_gate)
        {
            // Should it turn out to be written, it is the database that knows its state.
            if (_mayBeWritten)
                DropWritten();
            return _jobs.GetValueOrDefault(jobId)?.New;
        }
    }

    public bool Contains(long jobId)
    {
        lock (_gate)
            return _jobs.ContainsKey(jobId);
    }

    public void Flush()
    {
        if (IsEmpty || isPrivate)
            return;
        lock (_gate)
            Write(new WriteSet());
    }

    /// <summary>A transaction ends without a commit: what it was for is not written by anything else, either.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            _failed |= !IsEmpty;
            EndChanges();
        }
    }

    /// <summary>Ends the connection. What could not be written before is not retried: its caller got the exception.</summary>
    public void End()
    {
        lock (_gate)
        {
            try
            {
                if (!_failed && !IsEmpty)
                    WriteWith(new WriteSet());
            }
            finally
            {
                EndChanges();
                Clear();
            }
        }
    }

    /// <summary>Moves all that is pending into a set.</summary>
    public void MoveTo(WriteSet set)
    {
        lock (_gate)
        {
            AddChanges(set);
            EndChanges();
            AddJobs(set);
            Clear();
        }
    }

    /// <summary>Commits a set together with all that is pending. When it fails, the jobs stay pending.</summary>
    public void WriteWith(WriteSet set)
    {
        lock (_gate)
        {
            AddChanges(set);
            try
            {
                Write(set);
            }
            finally
            {
                EndChanges();
            }
        }
    }

    private void Write(WriteSet set)
    {
        if (_mayBeWritten)
            DropWritten();
        AddJobs(set);
        _failed = true;
        try
        {
            writer.Write(set);
        }
        catch (JobStorageUnavailableException exception) when (exception.MayBeCommitted)
        {
            _mayBeWritten = true;
            throw;
        }
        _failed = false;
        Clear();
    }

    private void AddJobs(WriteSet set)
    {
        foreach (var pending in _jobs.Values)
        {
            if (set.FindJob(pending.Id) is { } changed)
                changed.New = pending.New;
            else
                set.Add(pending);
        }
    }

    private void AddChanges(WriteSet set)
    {
        foreach (var change in _changes.Values)
        {
            if (set.FindJob(change.Id) is not { } other)
                set.Add(change);
            else
                change.Parameters!.ToList().ForEach(parameter => other.Set(parameter.Key, parameter.Value));
        }
    }

    // After a failure, too: a retry reads them again.
    private void EndChanges()
    {
        _changes.Clear();
        _locks.ForEach(static locked => locked.Dispose());
        _locks.Clear();
    }

    private void DropWritten()
    {
        foreach (var id in JobTable.Existing(sessions, _jobs.Keys.ToArray()))
        {
            _jobs.Remove(id);
            unwritten.Remove(id);
        }
        _mayBeWritten = false;
    }

    private void Clear()
    {
        foreach (var id in _jobs.Keys)
            unwritten.Remove(id);
        _jobs.Clear();
    }
}
