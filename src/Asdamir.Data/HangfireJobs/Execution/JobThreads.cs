using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The threads on which a job executes until it first waits, and on which the filters and the storage are called for it. A thread that
/// is busy for longer than a moment counts as blocked, and another one takes its place. So a job that blocks takes no thread from the
/// thread pool and delays no other job, and ten thousand jobs that wait asynchronously need a handful of threads.
/// </summary>
internal sealed class JobThreads
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    // So many that are not blocked keep all processors busy.
    private static readonly int Enough = Math.Max(8, Environment.ProcessorCount * 2);

    [ThreadStatic]
    private static object? _owner;

    private readonly object _gate = new();
    private readonly Queue<Work> _queue = new();
    private readonly HashSet<Worker> _workers = [];
    private readonly List<Worker> _idle = [];
    private bool _isWatched;
    private bool _watchSleeps;

    /// <summary>How many threads there are now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _workers.Count;
        }
    }

    /// <summary>
    /// Continues on one of the threads, unless the current one already works for the attempt. A thread of the pool must not be blocked,
    /// and neither may that of another attempt, which may have resumed this one.
    /// </summary>
    /// <param name="attempt">Its token, which all its contexts share.</param>
    public Switch SwitchTo(object attempt) => new(this, attempt);

    /// <summary>Lets the current thread work for an attempt that a worker of Hangfire executes, until the result is disposed.</summary>
    public static Adoption Adopt(object attempt)
    {
        var before = _owner;
        _owner = attempt;
        return new Adoption(before);
    }

    private void Add(Work work)
    {
        lock (_gate)
        {
            // The last one that became idle: those above the need end in time.
            if (_idle is [.., var worker])
            {
                _idle.RemoveAt(_idle.Count - 1);
                worker.Give(work);
                return;
            }
            _queue.Enqueue(work);
            if (_workers.Count < Enough)
                Start(1);
            else
                Watch();
        }
    }

    // Requires the gate.
    private void Start(int count)
    {
        for (; count > 0; count--)
        {
            var worker = new Worker();
            _workers.Add(worker);
            new Thread(() => Execute(worker)) { IsBackground = true, Name = "Jobs" }.UnsafeStart();
        }
    }

    private void Execute(Worker worker)
    {
        while (Next(worker) is { } work)
        {
            _owner = work.Attempt;
            worker.BusySince = Stopwatch.GetTimestamp();
            work.Continue();
            worker.BusySince = 0;
            _owner = null;
        }
    }

    private Work? Next(Worker worker)
    {
        lock (_gate)
        {
            if (_queue.TryDequeue(out var waiting))
                return waiting;
            _idle.Add(worker);
        }
        if (worker.Await(LongestIdle) is { } given)
            return given;
        lock (_gate)
        {
            // It was taken from the idle ones in the last moment.
            if (!_idle.Remove(worker))
                return worker.Await(Timeout.InfiniteTimeSpan);
            _workers.Remove(worker);
            return null;
        }
    }

    // Requires the gate.
    private void Watch()
    {
        if (_watchSleeps)
        {
            _watchSleeps = false;
            Monitor.Pulse(_gate);
        }
        else if (!_isWatched)
        {
            _isWatched = true;
            new Thread(Grow) { IsBackground = true, Name = "Jobs, growth" }.UnsafeStart();
        }
    }

    // A thread, as no timer of the pool fires in time while the pool is busy.
    private void Grow()
    {
        lock (_gate)
        {
            while (true)
            {
                Monitor.Wait(_gate, Moment);
                if (_queue.Count > 0)
                {
                    Start(Math.Min(_queue.Count, Missing()));
                    continue;
                }
                _watchSleeps = true;
                Monitor.Wait(_gate, LongestIdle);
                if (_watchSleeps)
                {
                    _watchSleeps = false;
                    _isWatched = false;
                    return;
                }
            }
        }
    }

    // Where all are blocked, so will be those that wait: twice as many each time.
    private int Missing()
    {
        var blocked = _workers.Count(static worker => worker.BusySince is > 0 and var since && Stopwatch.GetElapsedTime(since) >= Moment);
        return blocked == _workers.Count ? Math.Max(Enough, blocked) : Enough - (_workers.Count - blocked);
    }

    /// <summary>What is awaited.</summary>
    public readonly struct Switch(JobThreads threads, object attempt) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => ReferenceEquals(_owner, attempt);

        public Switch GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => threads.Add(new Work(attempt, continuation));

        public void UnsafeOnCompleted(Action continuation) => threads.Add(new Work(attempt, continuation));
    }

    /// <summary>Ends the work of the current thread for an attempt.</summary>
    public readonly struct Adoption(object? before) : IDisposable
    {
        public void Dispose() => _owner = before;
    }

    private sealed record Work(object Attempt, Action Continue);

    private sealed class Worker
    {
        private readonly object _gate = new();
        private Work? _next;
        private long _busySince;

        /// <summary>When it began to execute what it executes; 0 when it executes nothing.</summary>
        public long BusySince
        {
            get => Volatile.Read(ref _busySince);
            set => Volatile.Write(ref _busySince, value);
        }

        public void Give(Work work)
        {
            lock (_gate)
            {
                _next = work;
                Monitor.Pulse(_gate);
            }
        }

        public Work? Await(TimeSpan patience)
        {
            lock (_gate)
            {
                // A wait is not interrupted without a reason.
                if (_next is null)
                    Monitor.Wait(_gate, patience);
                var next = _next;
                _next = null;
                return next;
            }
        }
    }
}
