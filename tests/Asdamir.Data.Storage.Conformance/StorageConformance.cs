using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>
/// What Hangfire expects of a storage; the files beside this one hold the topics. Derive a class from it, open your storage, and declare
/// where it differs: a declared difference is tested, too.
/// </summary>
public abstract partial class StorageConformance : IClassFixture<OpenStorages>, IAsyncLifetime
{
    /// <summary>The name of a feature that Hangfire derives from the type of the fetched job.</summary>
    public const string TransactionalAcknowledge = "TransactionalAcknowledge";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static int _names;

    private readonly DateTime _start = DateTime.UtcNow;
    private readonly Stack<IDisposable> _opened = [];
    private OpenStorages _storages = null!;
    private string _name = "";

    /// <summary>What the storage does differently, and why.</summary>
    protected virtual IReadOnlyDictionary<Difference, string> Differences { get; } = new Dictionary<Difference, string>();

    /// <summary>The optional features (<see cref="JobStorageFeatures"/>) the storage lacks, and why.</summary>
    protected virtual IReadOnlyDictionary<string, string> MissingFeatures { get; } = new Dictionary<string, string>();

    /// <summary>The optional features the storage has but denies when asked, and why.</summary>
    protected virtual IReadOnlyDictionary<string, string> UnannouncedFeatures { get; } = new Dictionary<string, string>();

    /// <summary>
    /// By when a waiting fetch has noticed a new job. A storage that wakes its fetches sets a shorter time than its poll interval, so
    /// that a poll does not pass for a wake-up.
    /// </summary>
    protected virtual TimeSpan WakeLimit => Until.Limit;

    private JobStorage Storage { get; set; } = null!;

    private JobStorageConnection Connection { get; set; } = null!;

    private IMonitoringApi Monitoring => Storage.GetMonitoringApi();

    // Tests share the storage, never a key, a queue or a job.
    private string Key { get; } = NewName("key");

    private string OtherKey { get; } = NewName("key");

    private string Queue { get; } = NewName("queue");

    public async ValueTask InitializeAsync()
    {
        _storages = await TestContext.Current.GetFixture<OpenStorages>()
            ?? throw new InvalidOperationException("xunit did not create the fixture.");
        Use(_storages.Shared(OpenStorage));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        while (_opened.TryPop(out var opened))
            opened.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Opens the storage on the data of this name, a schema, a prefix or a file: a new name is empty, and the same name again is a second
    /// instance on the same data, as another process would open it. The suite disposes what is returned.
    /// </summary>
    protected abstract JobStorage OpenStorage(string name);

    /// <summary>For tests that count all there is.</summary>
    private void UseEmptyStorage() => Use(_storages.New(OpenStorage));

    private void Use((JobStorage Storage, string Name) opened)
    {
        (Storage, _name) = opened;
        Connection = Connect();
    }

    private bool Differs(Difference difference) => Differences.ContainsKey(difference);

    private bool Lacks(string feature) => MissingFeatures.ContainsKey(feature);

    private bool Announces(string feature) => !Lacks(feature) && !UnannouncedFeatures.ContainsKey(feature);

    /// <summary>Whether the feature is declared missing; proves then that its method says so.</summary>
    private bool Lacks(string feature, Action method)
    {
        if (!Lacks(feature))
            return false;
        Assert.Throws<NotSupportedException>(method);
        return true;
    }

    private T Closing<T>(T opened) where T : IDisposable
    {
        _opened.Push(opened);
        return opened;
    }

    private JobStorageConnection Connect() => Connect(Storage);

    private JobStorageConnection Connect(JobStorage storage) =>
        Closing(Assert.IsType<JobStorageConnection>(storage.GetConnection(), exactMatch: false));

    private JobStorageTransaction Begin() =>
        Closing(Assert.IsType<JobStorageTransaction>(Connection.CreateWriteTransaction(), exactMatch: false));

    private void Commit(Action<JobStorageTransaction> write) => Commit(Connection, write);

    private static void Commit(JobStorageConnection connection, Action<JobStorageTransaction> write)
    {
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        write(transaction);
        transaction.Commit();
    }

    private string CreateJob(string text = "some text")
    {
        using var connection = Storage.GetConnection();
        return connection.CreateExpiredJob(SampleJobs.Text(text), new Dictionary<string, string>(), DateTime.UtcNow, Hour);
    }

    private string CreateJob(IState state)
    {
        var id = CreateJob();
        Commit(transaction => transaction.SetJobState(id, state));
        return id;
    }

    private string Enqueue(string queue)
    {
        var id = CreateJob(new EnqueuedState(queue));
        Commit(transaction => transaction.AddToQueue(queue, id));
        return id;
    }

    private string[] Enqueue(string queue, int count) => [.. Enumerable.Range(0, count).Select(_ => Enqueue(queue))];

    private IFetchedJob Fetch(params string[] queues) => Fetch(Connection, queues);

    private static IFetchedJob Fetch(JobStorageConnection connection, params string[] queues)
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        return connection.FetchNextJob(queues, limit.Token);
    }

    private string FetchAndRemove(params string[] queues)
    {
        using var fetched = Fetch(queues);
        fetched.RemoveFromQueue();
        return fetched.JobId;
    }

    /// <summary>Proves without waiting that the queue has nothing else: what is enqueued now is what is fetched next, and last.</summary>
    private void AssertQueueIsEmpty(string queue)
    {
        var last = Enqueue(queue);
        Assert.Equal(last, FetchAndRemove(queue));
        Assert.Equal(0, Monitoring.EnqueuedCount(queue));
        Assert.Equal(0, Monitoring.FetchedCount(queue));
    }

    /// <summary>A time of this test, plus what is said. Some storages keep seconds only.</summary>
    private void AssertNow(DateTime? time, TimeSpan offset = default) =>
        Assert.InRange(Assert.NotNull(time).ToUniversalTime() - offset, _start.AddSeconds(-1), DateTime.UtcNow.AddSeconds(1));

    private void AssertTtl(TimeSpan expected, TimeSpan ttl) => AssertNow(DateTime.UtcNow + ttl, expected);

    /// <summary>Runs the action on dedicated threads, all at once.</summary>
    private static Task OnThreadsAsync(int count, Action<int> action)
    {
        var start = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, count).Select(number => Task.Factory.StartNew(
            () =>
            {
                start.Wait();
                action(number);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        start.Set();
        return Task.WhenAll(threads);
    }

    private static string NewName(string kind) => $"{kind}{Interlocked.Increment(ref _names)}";
}
