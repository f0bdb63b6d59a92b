using Asdamir.Data.Storage.Database;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Writes;

/// <summary>
/// Write sets that wait for one thread, which commits them in groups: whatever is waiting goes into one database transaction, and
/// the next group gathers meanwhile. A set never waits for others to join it.
/// </summary>
internal sealed class CommitQueue(CommitConnections connections, string name) : IDisposable
{
    // Bounds how long a set in a group waits for the others.
    private const int MaxRows = 2_000;

    private readonly ILog _log = LogProvider.GetLogger(typeof(CommitQueue));
    private readonly object _gate = new();
    private readonly Queue<PendingCommit> _queue = new();
    private Thread? _thread;
    private bool _stopped;

    public void Add(PendingCommit commit)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _queue.Enqueue(commit);
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = $"Job storage {name}" }).UnsafeStart();
            else if (_queue.Count == 1)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns when all sets are committed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
    }

    private void Run() => BackgroundWork.Keep(Work, _log, name);

    private void Work()
    {
        List<PendingCommit> group = [];
        while (true)
        {
            lock (_gate)
            {
                while (_queue.Count == 0 && !_stopped)
                    Monitor.Wait(_gate);
                if (_queue.Count == 0)
                    return;
            }
            // A thread that only lacks a processor to add its set gets it; on an idle machine this costs nothing.
            Thread.Yield();
            try
            {
                lock (_gate)
                    Dequeue(group);
                if (group.Count > 0)
                    Commit(group);
            }
            catch (Exception exception)
            {
                // No caller may wait for a commit that never comes.
                foreach (var commit in group)
                    commit.End(exception);
                throw;
            }
            group.Clear();
        }
    }

    // In their order, and each job at most once: a second change of the same job belongs to the next group.
    private void Dequeue(List<PendingCommit> group)
    {
        var rows = 0;
        HashSet<long> jobs = [];
        while (_queue.TryPeek(out var next))
        {
            var set = next.Set;
            if (group.Count > 0 && (rows + set.Rows > MaxRows || set.Jobs.Any(job => jobs.Contains(job.Id))))
                return;
            _queue.Dequeue();
            if (!next.TryBegin())
                continue;
            foreach (var job in set.Jobs)
                jobs.Add(job.Id);
            rows += set.Rows;
            group.Add(next);
        }
    }

    private void Commit(List<PendingCommit> group)
    {
        try
        {
            connections.Commit(group.ConvertAll(static commit => commit.Set));
            foreach (var commit in group)
                commit.End(null);
        }
        catch (JobStorageUnavailableException exception)
        {
            foreach (var commit in group)
                commit.End(exception);
        }
        catch (Exception) when (group.Count > 1)
        {
            // One of them is at fault and must fail only for its own caller.
            foreach (var commit in group)
                Commit([commit]);
        }
        catch (Exception exception)
        {
            group[0].End(exception);
        }
    }
}
