using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>
/// Claims jobs in batches for the workers of one set of queues: as many as wait for one, and, while jobs are short,
/// those that workers will request next. Jobs that no worker takes soon are returned, so that a job never waits here
/// while another process has time for it. It ends when no worker has asked for a while.
/// </summary>
internal sealed class Claimer : IClaimWaiter, IDisposable
{
    private static readonly TimeSpan Unclaimed = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    private readonly StorageLog _log = new(typeof(Claimer));
    private readonly JobDatabase _database;
    private readonly LeaseKeeper _leases;
    private readonly InFlightClaims _inFlight;
    private readonly Action<IReadOnlyList<ClaimedJob>> _giveBack;
    private readonly string[] _queues;
    private readonly TimeSpan _pollInterval;
    private readonly object _gate = new();
    private readonly Queue<ClaimedJob> _ready = new();
    private readonly LinkedList<WaitingWorker> _waiting = new();
    private readonly ClaimForecast _forecast;
    private readonly ClaimFailures _failures;
    private readonly IDisposable _watch;
    private readonly Thread _thread;
    private bool _mayHaveMore = true;
    private bool _surplus;
    private bool _stopped;
    private int _wakes;
    private long _lastWorkerAt;

    /// <param name="giveBack">Puts claims back into their queues.</param>
    public Claimer(
        JobDatabase database, LeaseKeeper leases, InFlightClaims inFlight, Action<IReadOnlyList<ClaimedJob>> giveBack, string[] queues,
        TimeSpan pollInterval)
    {
        _database = database;
        _leases = leases;
        _inFlight = inFlight;
        _giveBack = giveBack;
        _queues = queues;
        _pollInterval = pollInterval;
        _forecast = new ClaimForecast(database.Time);
        _failures = new ClaimFailures(database.Description);
        _lastWorkerAt = database.Time.GetTimestamp();
        leases.LeaseLost += Forget;
        _watch = database.WatchQueues(queues, Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = $"Claims {string.Join(',', queues)}" };
        _thread.UnsafeStart();
    }

    public IReadOnlyList<string> Queues => _queues;

    /// <summary>Whether it has ended: it claims nothing any more.</summary>
    public bool HasEnded => Volatile.Read(ref _stopped);

    // While jobs are short, the next ones are claimed before the last one is taken.
    private bool IsRunningLow => _mayHaveMore && _ready.Count < _forecast.Jobs / 2;

    /// <summary>Waits for a job.</summary>
    /// <returns><see langword="null"/> when it has ended, so that another one is needed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ClaimedJob? Take(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WaitingWorker worker;
        lock (_gate)
        {
            if (_stopped)
                return null;
            _forecast.Count();
            _lastWorkerAt = _database.Time.GetTimestamp();
            if (_ready.TryDequeue(out var ready))
            {
                if (IsRunningLow)
                    Monitor.Pulse(_gate);
                return ready;
            }
            worker = new WaitingWorker();
            _waiting.AddLast(worker.Place);
            Monitor.Pulse(_gate);
        }
        using (worker)
        {
            try
            {
                worker.Wait(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Leave(worker);
                throw;
            }
            return worker.Claim;
        }
    }

    /// <summary>There may be new jobs in the queues.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _wakes++;
            _mayHaveMore = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
        lock (_gate)
        {
            foreach (var worker in _waiting)
                worker.Wake();
            _waiting.Clear();
        }
    }

    // A job that was given to a worker in the moment it gave up goes back, and so does what it will not need.
    private void Leave(WaitingWorker worker)
    {
        ClaimedJob? left = null;
        lock (_gate)
        {
            _lastWorkerAt = _database.Time.GetTimestamp();
            if (_stopped)
                left = worker.Claim;
            else if (worker.Claim is { } claim)
                _ready.Enqueue(claim);
            else if (worker.Place.List is not null)
                _waiting.Remove(worker.Place);
            _surplus = true;
            Monitor.Pulse(_gate);
        }
        if (left is not null)
            _giveBack([left]);
    }

    private void Run() => BackgroundWork.Keep(Work, _log, "claims");

    private void Work()
    {
        while (true)
        {
            var wanted = AwaitDemand(out var wakes, out var back);
            try
            {
                if (back.Count > 0)
                    _giveBack(back);
                if (wanted < 0)
                    break;
                if (wanted == 0)
                    continue;
                var lease = _leases.Current();
                Hand(_inFlight.Take(() => _database.Claims.Claim(new ClaimRequest(_queues, wanted, State: null), lease)), wanted, wakes);
                _failures.End();
            }
            catch (Exception exception)
            {
                // It may have come through.
                _leases.SweepSoon();
                var pause = _failures.PauseAfter(exception);
                lock (_gate)
                {
                    if (!_stopped)
                        _database.Time.Wait(_gate, pause);
                    _mayHaveMore = true;
                }
            }
        }
        _leases.LeaseLost -= Forget;
        _watch.Dispose();
    }

    /// <returns>How many jobs to claim; 0 when only something has to go back; below 0 at the end.</returns>
    private int AwaitDemand(out int wakes, out List<ClaimedJob> back)
    {
        lock (_gate)
        {
            while (true)
            {
                wakes = _wakes;
                back = TakeBack();
                if (_stopped)
                    return -1;
                if (back.Count > 0)
                    return 0;
                if ((_mayHaveMore && _waiting.Count > 0) || IsRunningLow)
                {
                    _forecast.Update();
                    return Math.Max(_waiting.Count + _forecast.Jobs - _ready.Count, 1);
                }
                if (_waiting.Count == 0 && _ready.Count == 0 && _database.Time.GetElapsedTime(_lastWorkerAt) >= LongestIdle)
                {
                    _stopped = true;
                    return -1;
                }
                // No job came, or no worker waits.
                var pause = _ready.Count > 0 ? Unclaimed
                    : _waiting.Count > 0 ? IClaimWaiter.PauseOf(_pollInterval, _database.Limited.UntilRoom(_queues))
                    : LongestIdle;
                if (!_database.Time.Wait(_gate, pause) && _waiting.Count > 0)
                    _mayHaveMore = true;
            }
        }
    }

    private List<ClaimedJob> TakeBack()
    {
        List<ClaimedJob> back = [];
        if (_stopped || _surplus)
        {
            back.AddRange(_ready);
            _ready.Clear();
        }
        else
        {
            while (_ready.TryPeek(out var oldest) && _database.Time.GetElapsedTime(oldest.AskedAt) >= Unclaimed)
                back.Add(_ready.Dequeue());
        }
        _surplus = false;
        return back;
    }

    private void Hand(IReadOnlyList<ClaimedJob> claims, int wanted, int wakes)
    {
        lock (_gate)
        {
            foreach (var claim in claims)
                _ready.Enqueue(claim);
            // Fewer than requested: the queues are empty, unless new jobs were announced meanwhile.
            if (claims.Count < wanted && wakes == _wakes)
                _mayHaveMore = false;
            while (_waiting.First is { } first && _ready.TryDequeue(out var claim))
            {
                _waiting.RemoveFirst();
                _lastWorkerAt = _database.Time.GetTimestamp();
                first.Value.Wake(claim);
            }
        }
    }

    private void Forget(long lease)
    {
        lock (_gate)
        {
            foreach (var claim in _ready)
                _inFlight.End(claim);
            _ready.Clear();
            _mayHaveMore = true;
            Monitor.Pulse(_gate);
        }
    }
}
