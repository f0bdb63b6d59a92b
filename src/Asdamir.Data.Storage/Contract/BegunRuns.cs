using System.Collections.Concurrent;
using Asdamir.Data.Storage.Claims;
using Asdamir.Data.Storage.Database;
using Asdamir.Data.Storage.Writes;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Lets runs begin before their Processing state is written, where they are expected to end within a moment: then one commit
/// does for both. What has not ended by then is written here. A crash in between leaves a claimed run, as it would a
/// moment earlier.
/// </summary>
internal sealed class BegunRuns(StorageEngine engine) : IDisposable
{
    // Whoever wants to change a run that was claimed so lately waits for its worker to say whether it has begun, see RunLocks.
    public static readonly TimeSpan Undecided = TimeSpan.FromSeconds(1);

    // Well below: what is claimed ahead waits for its worker, and what has begun for its moment and its commit.
    private static readonly TimeSpan FreshClaim = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private const int MaxRuns = 200;
    private const int MaxNames = 1_000;

    private readonly ILog _log = LogProvider.GetLogger(typeof(BegunRuns));
    private readonly ConcurrentDictionary<string, bool> _shortJobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, BegunRun> _runs = new();
    private readonly object _gate = new();
    private readonly Queue<BegunRun> _due = new();
    private Thread? _thread;
    private bool _stopped;

    /// <summary>How long the beginning of a run may stay unwritten, and how short a run must be for it. Settable for tests.</summary>
    public TimeSpan Moment { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Whether a run may begin before that is written: the last one of its job was short, nobody has had it before (so the trace of
    /// one that kills its process is complete), and its claim is so fresh that nobody can have been told otherwise.
    /// </summary>
    public bool MayBegin(ClaimedJob claim, string name) =>
        claim.Token.Delivery == 1 && claim.Age < FreshClaim && engine.Leases.IsCurrent(claim.LeaseId) && _shortJobs.ContainsKey(name);

    public BegunRun Begin(FetchedJob fetched, JobWrite processing)
    {
        var run = new BegunRun(engine, fetched, processing);
        _runs[run.JobId] = run;
        lock (_gate)
        {
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = "Job storage beginnings" }).UnsafeStart();
            Await(run, Moment);
        }
        return run;
    }

    /// <summary>A run has ended, or failed, after so long.</summary>
    public void Ended(string name, TimeSpan duration)
    {
        if (duration > Moment)
            _shortJobs.TryRemove(name, out _);
        else if (!_shortJobs.ContainsKey(name) && _shortJobs.Count < MaxNames)
            _shortJobs.TryAdd(name, true);
    }

    /// <summary>Writes the beginning of a run that another thread of this process has begun.</summary>
    public void Flush(long jobId)
    {
        if (_runs.TryGetValue(jobId, out var run))
            run.Flush();
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

    private void Run() => BackgroundWork.Keep(Work, _log, "beginnings");

    private void Work()
    {
        List<BegunRun> due = [];
        while (TakeDue(due))
        {
            var isAvailable = TryWrite(due);
            lock (_gate)
            {
                foreach (var run in due)
                {
                    // Its worker is writing it at the moment, or nobody can.
                    if (!run.IsSettled)
                        Await(run, isAvailable ? Moment : RetryDelay);
                    else
                        _runs.TryRemove(KeyValuePair.Create(run.JobId, run));
                }
            }
            due.Clear();
        }
    }

    // Called under the gate.
    private void Await(BegunRun run, TimeSpan delay)
    {
        run.DueAt = Environment.TickCount64 + (long)delay.TotalMilliseconds;
        _due.Enqueue(run);
        if (_due.Count == 1)
            Monitor.Pulse(_gate);
    }

    private bool TakeDue(List<BegunRun> due)
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                var now = Environment.TickCount64;
                while (due.Count < MaxRuns && _due.TryPeek(out var next) && next.DueAt <= now)
                    due.Add(_due.Dequeue());
                if (due.Count > 0)
                    return true;
                Monitor.Wait(_gate, _due.TryPeek(out var first) ? (int)(first.DueAt - now) : Timeout.Infinite);
            }
            return false;
        }
    }

    /// <returns>Whether the database could be used.</returns>
    private bool TryWrite(List<BegunRun> due)
    {
        var set = new WriteSet();
        List<BegunRun> joined = [];
        var (isWritten, isRefused) = (false, false);
        try
        {
            foreach (var run in due)
            {
                if (run.TryJoin(set))
                    joined.Add(run);
            }
            if (joined.Count == 0)
                return true;
            engine.Write(set);
            isWritten = true;
        }
        catch (Exception exception) when (exception is WriteConflictException or LeaseLostException)
        {
            isRefused = true;
        }
        catch (Exception)
        {
            // Its worker is told when it cannot write the end, either.
        }
        joined.ForEach(run => run.Leave(isWritten));
        // One of them is at fault. Somebody may hold the lock of its run for a while, and the others must not wait for that.
        if (isRefused)
            joined.ForEach(static run => Detached.Start(() => Task.Run(run.TryFlush)));
        return isWritten || isRefused;
    }
}
