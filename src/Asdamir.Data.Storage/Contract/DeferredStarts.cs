using System.Collections.Concurrent;
using Asdamir.Data.Storage.Claims;
using Asdamir.Data.Storage.Database;
using Asdamir.Data.Storage.Writes;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Lets jobs start before their Processing state is written, where they are expected to end quickly: then one commit
/// writes both. The start of a job that takes longer is written here. A crash in between leaves a claimed job, as it would a
/// moment earlier.
/// </summary>
internal sealed class DeferredStarts(StorageEngine engine) : IDisposable
{
    // A writer that changes a job claimed this recently waits until its worker reports whether it has started, see RowLocks.
    public static readonly TimeSpan Undecided = TimeSpan.FromSeconds(1);

    // Well below: a job that is claimed ahead waits for its worker, and a started job for its delay and its commit.
    private static readonly TimeSpan FreshClaim = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private const int MaxJobs = 200;
    private const int MaxNames = 1_000;

    private readonly ILog _log = LogProvider.GetLogger(typeof(DeferredStarts));
    private readonly ConcurrentDictionary<string, bool> _shortJobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, DeferredStart> _starts = new();
    private readonly object _gate = new();
    private readonly Queue<DeferredStart> _due = new();
    private Thread? _thread;
    private bool _stopped;

    /// <summary>How long the start of a job may stay unwritten, and how short its type must be for that. Settable for tests.</summary>
    public TimeSpan Moment { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Whether a job may start before that is written: the last one of its type was short, this is its first delivery (so the trace of
    /// one that crashes its process is complete), and its claim is so recent that no reader can have seen otherwise.
    /// </summary>
    public bool MayBegin(ClaimedJob claim, string name) =>
        claim.Token.Delivery == 1 && claim.Age < FreshClaim && engine.Leases.IsCurrent(claim.LeaseId) && _shortJobs.ContainsKey(name);

    public DeferredStart Begin(FetchedJob fetched, JobWrite processing)
    {
        var job = new DeferredStart(engine, fetched, processing);
        _starts[job.JobId] = job;
        lock (_gate)
        {
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = "Job storage starts" }).UnsafeStart();
            Await(job, Moment);
        }
        return job;
    }

    /// <summary>Records how long a job took until it ended or failed.</summary>
    public void Ended(string name, TimeSpan duration)
    {
        if (duration > Moment)
            _shortJobs.TryRemove(name, out _);
        else if (!_shortJobs.ContainsKey(name) && _shortJobs.Count < MaxNames)
            _shortJobs.TryAdd(name, true);
    }

    /// <summary>Writes the start of a job that another thread of this process has started.</summary>
    public void Flush(long jobId)
    {
        if (_starts.TryGetValue(jobId, out var job))
            job.Flush();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
    }

    private void Run() => BackgroundWork.Keep(Work, _log, "starts");

    private void Work()
    {
        List<DeferredStart> due = [];
        while (TakeDue(due))
        {
            var isAvailable = TryWrite(due);
            lock (_gate)
            {
                foreach (var job in due)
                {
                    // Its worker is writing it now, or it cannot be written.
                    if (!job.IsSettled)
                        Await(job, isAvailable ? Moment : RetryDelay);
                    else
                        _starts.TryRemove(KeyValuePair.Create(job.JobId, job));
                }
            }
            due.Clear();
        }
    }

    // Requires the gate.
    private void Await(DeferredStart job, TimeSpan delay)
    {
        job.DueAt = Environment.TickCount64 + (long)delay.TotalMilliseconds;
        _due.Enqueue(job);
        if (_due.Count == 1)
            Monitor.Pulse(_gate);
    }

    private bool TakeDue(List<DeferredStart> due)
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                var now = Environment.TickCount64;
                while (due.Count < MaxJobs && _due.TryPeek(out var next) && next.DueAt <= now)
                    due.Add(_due.Dequeue());
                if (due.Count > 0)
                    return true;
                Monitor.Wait(_gate, _due.TryPeek(out var first) ? (int)(first.DueAt - now) : Timeout.Infinite);
            }
            return false;
        }
    }

    /// <returns>Whether the database was available.</returns>
    private bool TryWrite(List<DeferredStart> due)
    {
        var set = new WriteSet { FailsOnRowsInUse = true };
        List<DeferredStart> joined = [];
        var (isWritten, isRefused) = (false, false);
        try
        {
            foreach (var job in due)
            {
                if (job.TryJoin(set))
                    joined.Add(job);
            }
            if (joined.Count == 0)
                return true;
            engine.Write(set);
            isWritten = true;
        }
        catch (Exception exception) when (exception is WriteConflictException or LeaseLostException or RowsInUseException)
        {
            isRefused = true;
        }
        catch (Exception)
        {
            // Its worker gets the error when it cannot write the end, either.
        }
        joined.ForEach(job => job.Leave(isWritten));
        // One of them is at fault. Another writer may hold the lock or the row of its job, and the others must not wait for that.
        if (isRefused)
            joined.ForEach(static job => Detached.Start(() => Task.Run(job.TryFlush)));
        return isWritten || isRefused;
    }
}
