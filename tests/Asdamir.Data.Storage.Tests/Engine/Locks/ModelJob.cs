using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Locks;

/// <summary>One job and those who change it: the worker is the first, the writers follow.</summary>
internal sealed class ModelJob : IDisposable
{
    private const string Mark = "Mark";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly string _queue = $"{Guid.NewGuid():N}";
    private readonly SqliteJobStorage _storage;
    private readonly Actor[] _actors;
    private readonly string _id;
    private IFetchedJob? _fetched;
    private string? _mark;
    private int _marks;

    public ModelJob(string file, int writers)
    {
        _storage = new SqliteJobStorage($"Data Source={file}", new SqliteJobStorageOptions { Durable = false, TimeProvider = _time });
        _id = new BackgroundJobClient(_storage).Create(SampleJobs.Text("x"), new EnqueuedState(_queue));
        _actors = [.. Enumerable.Range(0, writers + 1).Select(_ => new Actor((JobStorageConnection)_storage.GetConnection()))];
        Fetch();
    }

    public void Pass(TimeSpan duration) => _time.Advance(duration);

    /// <summary>Locks the job and reads it, unless another one has it locked.</summary>
    public void Lock(int actor)
    {
        var by = _actors[actor];
        if (by.Lock is not null)
            return;
        try
        {
            by.Lock = by.Connection.AcquireDistributedLock($"job:{_id}:state-lock", TimeSpan.Zero);
            by.Read = by.Connection.GetJobParameter(_id, Mark);
        }
        catch (DistributedLockTimeoutException)
        {
        }
    }

    /// <summary>Changes state and mark of the job on the ground of what was read.</summary>
    public void Change(int actor) => Change(actor, WorkerState.Processing, removesFromQueue: false);

    public void Unlock(int actor)
    {
        _actors[actor].Lock?.Dispose();
        _actors[actor].Lock = null;
    }

    public void WorkerEnds()
    {
        Lock(0);
        Change(0, WorkerState.Succeeded, removesFromQueue: true);
        Unlock(0);
    }

    /// <summary>Another worker gets the job, should it be in its queue.</summary>
    public void WorkerGivesBack()
    {
        Unlock(0);
        _fetched?.Dispose();
        _fetched = null;
        _actors[0].Connection.Dispose();
        _actors[0] = new Actor((JobStorageConnection)_storage.GetConnection());
        Fetch();
    }

    public void Dispose()
    {
        for (var actor = 0; actor < _actors.Length; actor++)
        {
            Unlock(actor);
            _actors[actor].Connection.Dispose();
        }
        _fetched?.Dispose();
        _storage.Dispose();
    }

    private void Fetch()
    {
        if (_storage.GetMonitoringApi().EnqueuedCount(_queue) == 0)
            return;
        using var limit = new CancellationTokenSource(Until.Limit);
        _fetched = _actors[0].Connection.FetchNextJob([_queue], limit.Token);
    }

    private void Change(int actor, WorkerState state, bool removesFromQueue)
    {
        var by = _actors[actor];
        if (by.Lock is null)
            return;
        var mark = $"{++_marks}";
        using var transaction = by.Connection.CreateWriteTransaction();
        ((JobStorageTransaction)transaction).SetJobParameter(_id, Mark, mark);
        transaction.SetJobState(_id, state);
        try
        {
            transaction.Commit();
        }
        catch (WriteConflictException)
        {
            // It was changed since it was read, or the lock was taken away: the writer begins again.
            Unlock(actor);
            return;
        }
        Assert.True(_mark == by.Read, $"Actor {actor} read {by.Read ?? "nothing"} and replaced {_mark ?? "nothing"}.");
        _mark = mark;
        by.Read = mark;
        if (removesFromQueue)
            _fetched?.RemoveFromQueue();
    }

    private sealed class Actor(JobStorageConnection connection)
    {
        public JobStorageConnection Connection => connection;

        public IDisposable? Lock { get; set; }

        public string? Read { get; set; }
    }
}
