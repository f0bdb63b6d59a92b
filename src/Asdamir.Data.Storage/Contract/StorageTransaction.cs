using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Collects what a transaction writes. Nothing reaches the database before the commit.</summary>
internal sealed class StorageTransaction(StorageConnection connection) : JobStorageTransaction, IAwaitableTransaction
{
    private readonly WriteSet _set = new();
    private readonly List<IDisposable> _locks = [];
    private readonly List<WorkerClaim> _completed = [];
    private Dictionary<string, double>? _dueTimes;
    private bool _isCommitted;

    private TimeProvider Time => connection.Open.Engine.Database.Time;

    public override void Commit()
    {
        if (!_set.IsEmpty)
            connection.Commit(_set);
        EndCommitted();
    }

    public async Task CommitAsync()
    {
        if (!_set.IsEmpty)
            await connection.CommitAsync(_set).ConfigureAwait(false);
        EndCommitted();
    }

    public override void Dispose()
    {
        if (!_isCommitted)
            connection.GiveUp();
        ReleaseLocks();
        base.Dispose();
    }

    public override void AcquireDistributedLock(string resource, TimeSpan timeout) =>
        _locks.Add(connection.AcquireDistributedLock(resource, timeout));

    public override string CreateJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(parameters);
        var id = connection.NextId();
        _set.Job(id).New = connection.Describe(job, parameters!, createdAt, expireIn);
        return JobIds.Format(id);
    }

    public override void SetJobParameter(string jobId, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        Find(jobId)?.Set(StorableText.Of(name), StorableText.OrNull(value));
    }

    public override void ExpireJob(string jobId, TimeSpan expireIn) => Find(jobId)?.Expire(After(expireIn));

    public override void PersistJob(string jobId) => Find(jobId)?.Persist();

    public override void SetJobState(string jobId, IState state)
    {
        Find(jobId)?.Enter(StateOf(state));
        if (state is ScheduledState scheduled)
            (_dueTimes ??= [])[jobId] = (scheduled.EnqueueAt - DateTime.UnixEpoch).TotalSeconds;
    }

    public override void AddJobState(string jobId, IState state) => Find(jobId)?.Note(StateOf(state));

    public override void AddToQueue(string queue, string jobId)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(jobId);
        if (JobIds.TryParse(jobId, out var id))
            _set.Enqueued.Add((StorableText.Of(queue), id));
    }

    public override void RemoveFromQueue(IFetchedJob fetchedJob)
    {
        ArgumentNullException.ThrowIfNull(fetchedJob);
        var claim = (fetchedJob as DispatchedJob)?.Claim ?? (fetchedJob as FetchedJob)?.Claim
            ?? throw new ArgumentException($"The job was fetched from another storage ({fetchedJob.GetType().Name}).", nameof(fetchedJob));
        _set.Complete(claim.Job);
        if (connection.IsInTransaction)
            claim.NoteEnd(_set);
        else
            _completed.Add(claim);
    }

    public override void IncrementCounter(string key) => Count(key, 1, null);

    public override void IncrementCounter(string key, TimeSpan expireIn) => Count(key, 1, After(expireIn));

    public override void DecrementCounter(string key) => Count(key, -1, null);

    public override void DecrementCounter(string key, TimeSpan expireIn) => Count(key, -1, After(expireIn));

    public override void AddToSet(string key, string value) => AddToSet(key, value, 0);

    public override void AddToSet(string key, string value, double score)
    {
        if (double.IsNaN(score))
        {
            throw new ArgumentException(
                $"The score of '{value}' in the set '{key}' is NaN, which has no place in an order. Fix: use a number or an infinity.",
                nameof(score));
        }
        Change(DataChange.SetAdd, key, NotNull(value), score: key == DueSets.Delayed ? ExactTime(value, score) : score);
    }

    public override void AddRangeToSet(string key, IList<string> items)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items)
            AddToSet(key, item);
    }

    public override void RemoveFromSet(string key, string value) => Change(DataChange.SetRemove, key, NotNull(value));

    public override void RemoveSet(string key) => Change(DataChange.SetClear, key);

    public override void ExpireSet(string key, TimeSpan expireIn) => Change(DataChange.SetExpire, key, expireAt: After(expireIn));

    public override void PersistSet(string key) => Change(DataChange.SetExpire, key);

    public override void SetRangeInHash(string key, IEnumerable<KeyValuePair<string, string>> keyValuePairs)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(keyValuePairs);
        foreach (var (field, value) in keyValuePairs)
            Change(DataChange.HashPut, key, NotNull(field), value);
    }

    public override void RemoveHash(string key) => Change(DataChange.HashClear, key);

    public override void ExpireHash(string key, TimeSpan expireIn) => Change(DataChange.HashExpire, key, expireAt: After(expireIn));

    public override void PersistHash(string key) => Change(DataChange.HashExpire, key);

    public override void InsertToList(string key, string value) => Change(DataChange.ListPush, key, value: NotNull(value));

    public override void RemoveFromList(string key, string value) => Change(DataChange.ListRemove, key, value: NotNull(value));

    public override void TrimList(string key, int keepStartingFrom, int keepEndingAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        _set.Data.Add(new DataWrite(DataChange.ListTrim, StorableText.Of(key), From: keepStartingFrom, To: keepEndingAt));
    }

    public override void ExpireList(string key, TimeSpan expireIn) => Change(DataChange.ListExpire, key, expireAt: After(expireIn));

    public override void PersistList(string key) => Change(DataChange.ListExpire, key);

    private long After(TimeSpan duration) => Micros.After(Time, duration);

    // Hangfire cuts off the fraction of the second, so that the job would start up to a second too early.
    private double ExactTime(string entry, double score) =>
        _dueTimes is not null && _dueTimes.TryGetValue(entry[(entry.IndexOf(':', StringComparison.Ordinal) + 1)..], out var exact)
            && Math.Abs(exact - score) < 1
            ? exact
            : score;

    private void EndCommitted()
    {
        _isCommitted = true;
        foreach (var claim in _completed)
            claim.MarkEnded();
        ReleaseLocks();
    }

    private void ReleaseLocks()
    {
        for (var i = _locks.Count - 1; i >= 0; i--)
            _locks[i].Dispose();
        _locks.Clear();
    }

    private void Change(DataChange change, string key, string? member = null, string? value = null, double score = 0, long? expireAt = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        _set.Data.Add(
            new DataWrite(change, StorableText.Of(key), StorableText.OrNull(member), StorableText.OrNull(value), score, expireAt));
    }

    private void Count(string key, long delta, long? expireAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        _set.Count(StorableText.Of(key), delta, expireAt);
    }

    private JobWrite? Find(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        return JobIds.TryParse(jobId, out var id) ? _set.Job(id) : null;
    }

    private StateWrite StateOf(IState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Name is null)
        {
            throw new ArgumentException(
                $"The Name of the state {state.GetType()} is null. Fix: return the name of the state.", nameof(state));
        }
        var at = Micros.Now(Time);
        return new StateWrite(
            StorableText.Of(state.Name), StorableText.OrNull(state.Reason), at, StateText.Write(state.Name, at, state.SerializeData()!));
    }

    private static string NotNull(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
