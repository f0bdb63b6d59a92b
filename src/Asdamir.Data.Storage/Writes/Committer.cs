using Asdamir.Data.Storage.Database;
using Asdamir.Data.Storage.Leases;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Writes;

/// <summary>
/// Commits the write sets of all threads in groups. It takes whatever is waiting, commits it in one database
/// transaction and answers every caller; it never waits for company. While it commits, the next group gathers.
/// </summary>
internal sealed class Committer(LeaseKeeper leases) : IDisposable
{
    // A group stays small enough that nobody in it waits for long.
    private const int MaxRows = 2_000;

    // A set of this size is committed by its caller alone, so that small ones never wait for it.
    private const int LargeRows = 600;

    private readonly ILog _log = LogProvider.GetLogger(typeof(Committer));
    private readonly object _gate = new();
    private readonly Queue<Waiting> _queue = new();
    private readonly CommitConnections _lanes = new(leases);
    private Thread? _thread;
    private bool _stopped;

    /// <summary>Returns when the set is durable.</summary>
    public void Commit(WriteSet set)
    {
        if (set.Rows >= LargeRows)
        {
            _lanes.Commit([set]);
            return;
        }
        using var waiting = new Waiting(set);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _queue.Enqueue(waiting);
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = "Job storage commits" }).UnsafeStart();
            else if (_queue.Count == 1)
                Monitor.Pulse(_gate);
        }
        waiting.Wait();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
        _lanes.Dispose();
    }

    private void Run() => BackgroundWork.Keep(Work, _log, "commits");

    private void Work()
    {
        List<Waiting> group = [];
        while (true)
        {
            lock (_gate)
            {
                while (_queue.Count == 0 && !_stopped)
                    Monitor.Wait(_gate);
                if (_queue.Count == 0)
                    return;
            }
            // Whoever is about to write and only lacks a processor comes along; on an idle machine this costs nothing.
            Thread.Yield();
            try
            {
                lock (_gate)
                    Take(group);
                Commit(group);
            }
            catch (Exception exception)
            {
                // No caller may wait for a commit that never comes.
                foreach (var waiting in group)
                    waiting.End(exception);
                throw;
            }
            group.Clear();
        }
    }

    // In their order, and each job at most once: a second change of the same job belongs to the next group.
    private void Take(List<Waiting> group)
    {
        var rows = 0;
        HashSet<long> jobs = [];
        while (_queue.TryPeek(out var next) && rows + next.Set.Rows <= MaxRows && !next.Set.Jobs.Any(job => jobs.Contains(job.Id)))
        {
            foreach (var job in next.Set.Jobs)
                jobs.Add(job.Id);
            rows += next.Set.Rows;
            group.Add(_queue.Dequeue());
        }
    }

    private void Commit(List<Waiting> group)
    {
        try
        {
            _lanes.Commit(group.ConvertAll(waiting => waiting.Set));
            foreach (var waiting in group)
                waiting.End(null);
        }
        catch (JobStorageUnavailableException exception)
        {
            foreach (var waiting in group)
                waiting.End(exception);
        }
        catch (Exception) when (group.Count > 1)
        {
            // One of them is at fault and must fail only for its own caller.
            foreach (var waiting in group)
                Commit([waiting]);
        }
        catch (Exception exception)
        {
            group[0].End(exception);
        }
    }

    private sealed class Waiting(WriteSet set) : IDisposable
    {
        private readonly ManualResetEventSlim _ended = new(false, spinCount: 0);
        private Exception? _error;
        private bool _hasEnded;

        public WriteSet Set => set;

        public void End(Exception? error)
        {
            if (_hasEnded)
                return;
            (_error, _hasEnded) = (error, true);
            _ended.Set();
        }

        public void Wait()
        {
            _ended.Wait();
            if (_error is { } error)
                throw error is JobStorageUnavailableException shared
                    ? new JobStorageUnavailableException(shared.Message, shared.InnerException, shared.MayBeCommitted)
                    : error;
        }

        public void Dispose() => _ended.Dispose();
    }
}
