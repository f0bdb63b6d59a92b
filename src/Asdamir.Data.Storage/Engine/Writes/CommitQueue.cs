using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Write sets that wait for one thread, which commits them in groups: whatever is waiting goes into one database transaction, and
/// the next group gathers meanwhile. A set never waits for others to join it.
/// </summary>
/// <param name="connections">What commits.</param>
/// <param name="name">What waits here, for the name of the thread.</param>
/// <param name="blocked">
/// Where a set waits for the end of a transaction that has changed the same rows; <see langword="null"/> for this queue.
/// </param>
/// <param name="claims">What servers of this process claim with a commit; <see langword="null"/> where none does.</param>
/// <param name="pause">Of a queue of blocked sets: waits until all of them are tried once more.</param>
internal sealed class CommitQueue(
    CommitConnections connections, string name, CommitQueue? blocked, StandingClaims? claims, Action? pause = null) : IDisposable
{
    // Bounds how long a set in a group waits for the others. Blocked sets wait for different rows, so each is tried alone.
    private readonly int _maxRows = blocked is null ? 0 : 2_000;

    // About ten seconds, when one set is blocked.
    private const int TriesBeforeWarning = 150;

    private readonly StorageLog _log = new(typeof(CommitQueue));
    private readonly object _gate = new();
    private readonly Queue<PendingCommit> _queue = new();
    private Thread? _thread;
    private int _committing;
    private int _leftInRound;
    private bool _stopped;

    /// <summary>How many sets are not answered yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _queue.Count + _committing;
        }
    }

    public void Add(PendingCommit commit)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            Enqueue(commit);
        }
    }

    /// <summary>Returns when all sets are committed. What is still blocked has failed then.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
    }

    private void Enqueue(PendingCommit commit)
    {
        _queue.Enqueue(commit);
        if (_thread is null)
            (_thread = new Thread(Run) { IsBackground = true, Name = $"Job storage {name}" }).UnsafeStart();
        else if (_queue.Count == 1)
            Monitor.Pulse(_gate);
    }

    private void Run() => BackgroundWork.Keep(Work, _log, name);

    private void Work()
    {
        List<PendingCommit> group = [];
        while (true)
        {
            bool beginsRound;
            lock (_gate)
            {
                _committing = 0;
                while (_queue.Count == 0 && !_stopped)
                    Monitor.Wait(_gate);
                if (_queue.Count == 0)
                    return;
                beginsRound = pause is not null && BeginsRound();
            }
            if (beginsRound)
                pause?.Invoke();
            // A thread that only lacks a processor to add its set gets it; on an idle machine this costs nothing.
            Thread.Yield();
            try
            {
                lock (_gate)
                {
                    Dequeue(group);
                    _committing = group.Count;
                }
                // Of the blocked sets, one a round is waited for.
                if (group.Count > 0)
                    Commit(group, ClaimFor(group), isPatient: blocked is not null || beginsRound);
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

    // A round tries each set once.
    private bool BeginsRound()
    {
        var begins = _leftInRound == 0;
        _leftInRound = (begins ? _queue.Count : _leftInRound) - 1;
        return begins;
    }

    // In their order, and each job at most once: a second change of the same job belongs to the next group.
    private void Dequeue(List<PendingCommit> group)
    {
        var rows = 0;
        HashSet<long> jobs = [];
        while (_queue.TryPeek(out var next))
        {
            var set = next.Set;
            if (group.Count > 0 && (rows + set.Rows > _maxRows || set.Jobs.Any(job => jobs.Contains(job.Id))))
                return;
            _queue.Dequeue();
            if (next.Tries == 0 && !next.TryBegin())
                continue;
            foreach (var job in set.Jobs)
                jobs.Add(job.Id);
            rows += set.Rows;
            group.Add(next);
        }
    }

    private StandingClaim? ClaimFor(List<PendingCommit> group) =>
        claims?.Begin(group.SelectMany(static commit => commit.Set.Enqueued).Select(static entry => entry.Queue));

    private void Commit(List<PendingCommit> group, StandingClaim? claim, bool isPatient)
    {
        try
        {
            var sets = group.ConvertAll(static commit => commit.Set);
            if (claim is null)
                connections.Commit(sets, claim: null, isPatient);
            else
                claim.Make(request => connections.Commit(sets, request, isPatient));
            foreach (var commit in group)
                commit.End(null);
        }
        catch (JobStorageUnavailableException exception)
        {
            foreach (var commit in group)
                commit.End(exception);
        }
        catch (RowsInUseException) when (group.Count > 1)
        {
            // Halves, until those whose rows are in use are alone. None is waited for again, and the others stay groups.
            var half = group.Count / 2;
            Commit(group[..half], claim: null, isPatient: false);
            Commit(group[half..], claim: null, isPatient: false);
        }
        catch (Exception) when (group.Count > 1 || claim is not null)
        {
            // One of them is at fault and must fail only for its own caller; the claim fails for none.
            foreach (var commit in group)
                Commit([commit], claim: null, isPatient: false);
        }
        catch (RowsInUseException)
        {
            (blocked ?? this).Retry(group[0]);
        }
        catch (Exception exception)
        {
            group[0].End(exception);
        }
    }

    private void Retry(PendingCommit commit)
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                if (++commit.Tries == TriesBeforeWarning)
                {
                    _log.Warn(
                        $"A commit of {commit.Set.Rows} row(s) waits for a transaction that is still open and has changed the same rows. "
                        + "Fix: end the transaction.");
                }
                Enqueue(commit);
                return;
            }
        }
        commit.End(new JobStorageUnavailableException(
            "The job storage is being closed, and a transaction that is still open has changed the same rows. Nothing was written. "
            + "Fix: end the transaction; then repeat the call."));
    }
}
