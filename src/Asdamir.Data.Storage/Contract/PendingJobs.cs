using Asdamir.Data.Storage.Writes;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Runs that Hangfire created on one connection and has given no state yet. It does both in two steps; nobody but the
/// caller knows the id in between, so both go into the one commit of the second step. Whatever else is asked of the
/// connection, or of such a run from anywhere in this process, writes them first.
/// </summary>
internal sealed class PendingJobs(StorageEngine engine, IWriter writer)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, JobWrite> _jobs = [];
    private bool _failed;
    private bool _mayBeWritten;

    // Read without the gate on purpose: only the connection's own thread adds.
    public bool IsEmpty => _jobs.Count == 0;

    public void Add(JobWrite job)
    {
        lock (_gate)
            _jobs.Add(job.Id, job);
        engine.Pending[job.Id] = this;
    }

    /// <summary>Changes a parameter of a run that is still pending.</summary>
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

    public bool TryGet(long jobId, string name, out string? value)
    {
        lock (_gate)
        {
            value = null;
            return _jobs.TryGetValue(jobId, out var job) && (job.New!.Parameters.TryGetValue(name, out value) || true);
        }
    }

    public bool Contains(long jobId)
    {
        lock (_gate)
            return _jobs.ContainsKey(jobId);
    }

    public void Flush()
    {
        if (!IsEmpty)
            WriteWith(new WriteSet());
    }

    /// <summary>At the end of the connection; what could not be written before is not tried again: its caller knows.</summary>
    public void End()
    {
        if (!_failed)
            Flush();
        lock (_gate)
            Clear();
    }

    /// <summary>Commits a set together with all that is pending. When it fails, the runs stay pending.</summary>
    public void WriteWith(WriteSet set)
    {
        lock (_gate)
        {
            if (_mayBeWritten)
                DropWritten();
            foreach (var pending in _jobs.Values)
            {
                if (set.FindJob(pending.Id) is { } changed)
                    changed.New = pending.New;
                else
                    set.Add(pending);
            }
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
    }

    private void DropWritten()
    {
        using var session = engine.Database.Read();
        foreach (var id in session.Query(
            "SELECT id FROM {s}job WHERE " + engine.Database.AnyOf("id", "@ids"), static row => row.GetInt64(0), ("@ids", _jobs.Keys.ToArray())))
        {
            _jobs.Remove(id);
            engine.Pending.TryRemove(id, out _);
        }
        _mayBeWritten = false;
    }

    private void Clear()
    {
        foreach (var id in _jobs.Keys)
            engine.Pending.TryRemove(id, out _);
        _jobs.Clear();
    }
}
