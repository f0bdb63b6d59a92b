using System.Collections.Concurrent;
using System.Text.Json;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class JobKeysOnPostgreSql() : JobKeyTests(static place => OnPostgreSql(place))
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KeyTakenInACallersTransaction_IsTakenExactlyWhenThatCommits(bool commit)
    {
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var inside = ((PostgreSqlJobStorage)Storage).InTransaction(transaction);
        var first = Create("a", "mail", storage: inside);
        var again = Create("a", storage: inside);
        Assert.Equal((null, first.Id), (first.Holder, again.Holder));
        // It waits for the transaction, and no other commit waits with it.
        var waiting = Task.Run(() => Create("a"), Token);
        Assert.Null(Create("b").Holder);

        if (commit)
            await transaction.CommitAsync(Token);
        else
            await transaction.RollbackAsync(Token);

        Assert.Equal(commit ? first.Id : null, (await waiting).Holder);
        Assert.Equal(commit ? first.Id : null, Create(null, "mail").Holder);
    }

    [Fact]
    public async Task CallersTransaction_ContinuesAfterATakenKey()
    {
        var outside = Create("a");
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var inside = ((PostgreSqlJobStorage)Storage).InTransaction(transaction);

        Assert.Equal(outside.Id, Create("a", "mail", storage: inside).Holder);
        var free = Create(null, "mail", storage: inside);
        await transaction.CommitAsync(Token);

        Assert.Null(free.Holder);
        Assert.Equal(free.Id, Create(null, "mail").Holder);
    }
}

public sealed class JobKeysOnSqlite() : JobKeyTests(static place => OnSqlite(place));

/// <summary>Which jobs are stored when they have keys.</summary>
public abstract class JobKeyTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private const string Scope = "crm/Import";
    private const int Threads = 8;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Waiting => Storage.GetMonitoringApi().EnqueuedCount("default");

    [Fact]
    public void UniqueKey_BelongsToTheFirstJob_UntilThatEnds()
    {
        var first = Create("a");
        var second = Create("a");
        var other = Create("b");

        Assert.Equal((null, first.Id, null), (first.Holder, second.Holder, other.Holder));
        Assert.Null(StateOf(second.Id));
        Assert.Equal(2, Waiting);
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    [InlineData("Deleted")]
    public void UniqueKey_IsFree_WhenItsJobHasEnded(string end)
    {
        var first = Create("a");
        if (end == DeletedState.StateName)
            Assert.True(Client.Delete(first.Id));
        else
        {
            Work(
                "default",
                end == FailedState.StateName ? new FailedState(new InvalidOperationException("broken")) : WorkerState.Succeeded);
        }

        Assert.Equal(end, StateOf(first.Id));
        Assert.Null(Create("a").Holder);
    }

    [Fact]
    public void UniqueKey_StaysWithItsJob_ThatWaitsForARetryOrIsExecuted()
    {
        var first = Create("a");
        using (var connection = (JobStorageConnection)Storage.GetConnection())
        {
            using var fetched = Fetch(connection);
            var changer = new BackgroundJobStateChanger(NoFilters);
            changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, WorkerState.Processing));
            Assert.Equal(first.Id, Create("a").Holder);
            changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, new ScheduledState(TimeSpan.FromHours(1))));
            fetched.RemoveFromQueue();
        }

        Assert.Equal(first.Id, Create("a").Holder);
    }

    [Fact]
    public void Requeue_IsRefused_WhenTheKeyBelongsToAnotherJob()
    {
        var first = Create("a");
        Client.Delete(first.Id);
        var second = Create("a");

        var refused = Assert.ThrowsAny<Exception>(() => Client.Requeue(first.Id));

        var taken = Assert.IsType<JobKeyTakenException>(refused.InnerException ?? refused);
        Assert.Equal((second.Id, "a"), (taken.JobId, taken.Key));
        Assert.Equal(DeletedState.StateName, StateOf(first.Id));
        Client.Delete(second.Id);
        Assert.True(Client.Requeue(first.Id));
        Assert.Equal(first.Id, Create("a").Holder);
    }

    [Fact]
    public void IdempotencyKey_GivesTheFirstJob_AlsoWhenThatWasDeletedAndIsGone()
    {
        var first = Create(null, "mail");
        Client.Delete(first.Id);
        Assert.Equal(first.Id, Create(null, "mail").Holder);
        Rows.Execute("DELETE FROM {s}job");

        Assert.Equal(first.Id, Create(null, "mail").Holder);
        Assert.Equal(0, Rows.Count("{s}job"));
    }

    [Fact]
    public void IdempotencyKey_IsFree_WhenItsTimeIsOver()
    {
        var first = Create(null, "mail");
        Rows.Execute("UPDATE {s}job_key SET expire_at = 1");

        var second = Create(null, "mail");

        Assert.Null(second.Holder);
        Assert.Equal(second.Id, Create(null, "mail").Holder);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public void JobThatIsNotStored_TakesNoneOfItsKeys()
    {
        var first = Create("a");

        Assert.Equal(first.Id, Create("a", "mail").Holder);
        Client.Delete(first.Id);

        Assert.Null(Create(null, "mail").Holder);
    }

    [Fact]
    public void JobWithoutKeys_WritesNothingAboutKeys()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());

        Assert.Equal(0, Rows.Count("{s}job_key"));
    }

    [Fact]
    public void DelayedJob_WhoseKeyIsTaken_IsNotScheduled()
    {
        Create("a");

        Create("a", state: new ScheduledState(TimeSpan.FromHours(1)));

        Assert.Equal(0, Storage.GetMonitoringApi().ScheduledCount());
        Assert.Equal(0, Rows.Count("{s}set_item"));
    }

    [Fact]
    public void Continuation_WhoseKeyIsTaken_IsUnknownToItsParent()
    {
        Create("a");
        var parent = Client.Create(SampleJobs.Text("parent"), new EnqueuedState());
        var continuations = new ContinuationsSupportAttribute();
        var client = new BackgroundJobClient(Storage, new JobFilterCollection { continuations });
        var known = client.Create(SampleJobs.Text("child"), new AwaitingState(parent));

        var lost = client.Create(SampleJobs.Text("child"), new AwaitingState(parent), Parameters("a", null));

        using var connection = Storage.GetConnection();
        var list = connection.GetJobParameter(parent, "Continuations");
        Assert.Contains($"\"{known}\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{lost}\"", list, StringComparison.Ordinal);
        Assert.Null(StateOf(lost));
        Assert.Equal(AwaitingState.StateName, StateOf(known));
    }

    [Fact]
    public async Task Batch_KeepsItsOtherJobs_WhenOneOfThemHasATakenKey()
    {
        var first = Create("a");
        await using var batch = await Storage.CreateBatchAsync(3, Token);
        var client = new BackgroundJobClient(batch, NoFilters);
        var taken = client.Create(SampleJobs.Text("1"), new EnqueuedState(), Parameters("a", null));
        var free = client.Create(SampleJobs.Text("2"), new EnqueuedState(), Parameters("b", null));
        var again = client.Create(SampleJobs.Text("3"), new EnqueuedState(), Parameters("b", null));
        var keys = (IKeyedConnection)batch.GetConnection();
        await batch.CommitAsync(Token);

        Assert.Equal((first.Id, null, free), (keys.FindKeyHolder(taken), keys.FindKeyHolder(free), keys.FindKeyHolder(again)));
        Assert.Equal(2, Waiting);
    }

    [Fact]
    public void RecurringJob_WithATakenKey_StoresTheSkippedOccurrenceAsDeleted()
    {
        var first = Create("a");
        var recurring = new RecurringJobManager(Storage, NoFilters);
        recurring.AddOrUpdate("daily", SampleJobs.Text("x"), "0 0 * * *");
        using var connection = Storage.GetConnection();
        connection.SetRangeInHash(
            "recurring-job:daily",
            new Dictionary<string, string> { [JobKeys.RecurringField] = JsonSerializer.Serialize(JobKeys.Unique(Scope, "a")) });

        var skipped = recurring.TriggerJob("daily");

        Assert.Equal(DeletedState.StateName, StateOf(skipped));
        var reason = connection.GetStateData(skipped).Reason;
        Assert.Contains($"job {first.Id} ", reason, StringComparison.Ordinal);
        Assert.Equal(1, Waiting);
        Client.Delete(first.Id);
        var next = recurring.TriggerJob("daily");
        Assert.Equal(EnqueuedState.StateName, StateOf(next));
        Assert.Equal(next, Create("a").Holder);
    }

    [Fact]
    public void ManyThreadsOfTwoProcesses_StoreOneJobOfEachKey()
    {
        using var another = OpenAnother();
        ConcurrentBag<(string Key, string Id)> winners = [];
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (var i = 0; i < 25; i++)
            {
                Client.Create(SampleJobs.Text("plain"), new EnqueuedState());
                var key = $"{i}";
                var made = thread % 3 == 0
                    ? Create(null, key, storage: thread % 2 == 0 ? Storage : another)
                    : Create(key, storage: thread % 2 == 0 ? Storage : another);
                if (made.Holder is null)
                    winners.Add((thread % 3 == 0 ? "i" + key : "u" + key, made.Id));
            }
        });

        Assert.Equal(50, winners.Count);
        Assert.Equal(50, winners.Select(static winner => winner.Key).Distinct().Count());
        Assert.Equal((Threads * 25) + 50, Waiting);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomSequences_AgreeWithASimpleModel(int seed)
    {
        var random = new Random(seed);
        Dictionary<string, string> unique = [];
        Dictionary<string, string> idempotent = [];
        List<(string Id, string? Key)> jobs = [];
        HashSet<string> active = [];
        for (var step = 0; step < 120; step++)
        {
            if (random.Next(2) == 0 || jobs.Count == 0)
            {
                var key = random.Next(4) == 0 ? null : $"{random.Next(3)}";
                var idempotency = random.Next(3) == 0 ? $"{random.Next(4)}" : null;
                var expected = idempotency is not null && idempotent.TryGetValue(idempotency, out var known) ? known
                    : key is not null && unique.TryGetValue(key, out var held) ? held
                    : null;
                var made = Create(key, idempotency);
                Assert.Equal(expected, made.Holder);
                if (expected is not null)
                    continue;
                jobs.Add((made.Id, key));
                active.Add(made.Id);
                if (key is not null)
                    unique[key] = made.Id;
                if (idempotency is not null)
                    idempotent[idempotency] = made.Id;
                continue;
            }
            var (id, owned) = jobs[random.Next(jobs.Count)];
            if (active.Contains(id))
            {
                Assert.True(Client.ChangeState(id, random.Next(2) == 0 ? new DeletedState() : WorkerState.Succeeded));
                active.Remove(id);
                if (owned is not null)
                    unique.Remove(owned);
            }
            else if (owned is not null && unique.ContainsKey(owned))
                Assert.ThrowsAny<Exception>(() => Client.Requeue(id));
            else
            {
                Assert.True(Client.Requeue(id));
                active.Add(id);
                if (owned is not null)
                    unique[owned] = id;
            }
        }
        Assert.Equal(unique.Count + idempotent.Count, Rows.Count("{s}job_key"));
    }

    // Test runners pass on no texts with half of a pair.
    [Fact]
    public void KeyThatCannotBeStored_IsRefusedWithAFix()
    {
        foreach (var key in new[] { "", "a\0b", "\ud800x", "x\udc00", new string('x', 10_000) })
        {
            var refused = Assert.Throws<ArgumentException>(() => JobKeys.Unique(Scope, key));
            Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LongestKey_OfLargeCharacters_IsStored()
    {
        var random = new Random(1);
        var key = new string([.. Enumerable.Range(0, JobKeys.MaxLength).Select(_ => (char)random.Next(0x4e00, 0x9fff))]);

        var first = Create(key);

        Assert.Equal(first.Id, Create(key).Holder);
    }

    [Fact]
    public void Keys_AreComparedByTheirCharacters()
    {
        Create("straße");

        Assert.Null(Create("STRASSE").Holder);
        Assert.Null(Create("strasse").Holder);
        Assert.Null(Create("straße ").Holder);
        Assert.Null(Create("strasse\n1").Holder);
    }

    private protected (string Id, string? Holder) Create(
        string? unique, string? idempotency = null, IState? state = null, JobStorage? storage = null)
    {
        using var connection = new KeptConnection(storage ?? Storage);
        var id = new BackgroundJobClient(connection, NoFilters)
            .Create(SampleJobs.Text("x"), state ?? new EnqueuedState(), Parameters(unique, idempotency));
        return (id, connection.FindKeyHolder(id));
    }

    private static Dictionary<string, object> Parameters(string? unique, string? idempotency)
    {
        Dictionary<string, object> parameters = [];
        if (unique is not null)
            parameters[JobKeys.UniqueParameter] = JobKeys.Unique(Scope, unique);
        if (idempotency is not null)
            parameters[JobKeys.IdempotencyParameter] = JobKeys.Idempotent(Scope, idempotency, TimeSpan.FromDays(1));
        return parameters;
    }

    private string? StateOf(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetJobData(id)?.State;
    }

    /// <summary>A view of a storage that remembers the connection of its last client.</summary>
    private sealed class KeptConnection(JobStorage storage) : JobStorage, IDisposable
    {
        private IStorageConnection? _connection;

        public override IStorageConnection GetConnection() => _connection = storage.GetConnection();

        public override IMonitoringApi GetMonitoringApi() => storage.GetMonitoringApi();

        public override bool HasFeature(string featureId) => storage.HasFeature(featureId);

        public string? FindKeyHolder(string id) => ((IKeyedConnection)_connection!).FindKeyHolder(id);

        public void Dispose()
        {
        }
    }
}
