using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>
/// Requests and answers that get lost on the way: what a call returned is in the database once, and nothing waits for an answer that was
/// lost.
/// </summary>
public sealed class LostAnswerTests(FaultServer server) : IClassFixture<FaultServer>, IDisposable
{
    private const string Commit = "SET commits = commits + 1";
    private const string Claim = "SET claimed_by = $3";
    private static readonly TimeSpan LeaseTimeout = TimeSpan.FromSeconds(20);
    private readonly FaultProxy _proxy = new(server.ConnectionString);

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.LoseRequest)]
    internal async Task An_enqueued_run_exists_once_when_its_commit_meets_a_fault(Fault fault)
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, -1));
        _proxy.Decide = sql => sql.Contains(Commit, StringComparison.Ordinal) && Random.Shared.Next(5) == 0 ? fault : Fault.None;

        ConcurrentBag<string> returned = [];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
                returned.Add(client.Enqueue(() => Jobs.Run(place.Schema, (thread * 50) + i)));
        })));

        Assert.True(_proxy.Faults > 0);
        Assert.Equal(200, returned.Distinct().Count());
        Assert.Equal(201, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(201, place.Count("{s}queue"));
        Assert.Equal(201, place.Count("{s}state"));
    }

    [Fact]
    public void EnqueuedJob_ExistsOnce_WhenTheAnswerAboutItsCommitIsCutOff()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        _proxy.Decide = sql => (sql, _proxy.Faults) switch
        {
            ({ } commit, 0) when commit.Contains(Commit, StringComparison.Ordinal) => Fault.LoseAnswer,
            ({ } question, 1) when question.Contains("SET epoch = epoch + 1", StringComparison.Ordinal) => Fault.CutAnswer,
            _ => Fault.None,
        };

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(2, _proxy.Faults);
        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
        Assert.Equal(2, place.Count("{s}state"));
    }

    [Fact]
    public void EnqueuedJob_ExistsOnce_WhenTheDriverFailsInItsOwnWayAtItsCommit()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage) { RetryAttempts = 0 };
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        _proxy.Once(Commit, Fault.GarbleAnswer);

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(1, _proxy.Faults);
        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
    }

    [Fact]
    public void EnqueuedJob_ExistsOnce_WhenTheAnswerToItsCommitHangs()
    {
        var place = NewPlace("Command Timeout=10");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        _proxy.Once(Commit, Fault.HangAnswer);

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(1, _proxy.Faults);
        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
        Assert.Equal(2, place.Count("{s}state"));
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.LoseRequest)]
    internal void EnqueuedJob_ExistsOnce_WhenTheCallIsRetriedAfterAnUnknownOutcome(Fault fault)
    {
        var place = NewPlace();
        using var storage = place.Open();
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        _proxy.Decide = sql =>
        {
            if (!sql.Contains(Commit, StringComparison.Ordinal))
                return Fault.None;
            _proxy.IsDown = true;
            return fault;
        };
        using var connection = storage.GetConnection();
        var id = connection.CreateExpiredJob(
            Job.FromExpression(() => Jobs.Run(place.Schema, 1)), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromDays(1));

        Assert.True(Assert.Throws<JobStorageUnavailableException>(() => Initialize(connection, id)).MayBeCommitted);
        _proxy.IsDown = false;
        _proxy.Decide = static _ => Fault.None;
        // As Hangfire's client tries again.
        if (connection.GetJobData(id).State is null)
            Initialize(connection, id);

        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
        Assert.Equal(2, place.Count("{s}state"));
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.LoseRequest)]
    internal async Task Every_change_of_state_happens_once_when_its_commit_meets_a_fault(Fault fault)
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        for (var i = 0; i < 300; i++)
            client.Enqueue(() => Jobs.Run(place.Schema, i));
        _proxy.Decide = sql => sql.Contains(Commit, StringComparison.Ordinal) && Random.Shared.Next(5) == 0 ? fault : Fault.None;

        using (new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 10 }, storage))
        {
            await Until.TrueAsync(
                () => place.Count("{s}job WHERE state = 'Succeeded'") == 300, "all jobs have succeeded", () => Describe(place));
        }

        Assert.True(_proxy.Faults > 0);
        Assert.Equal(300, Jobs.Executions(place.Schema));
        Assert.Equal(900, place.Count("{s}state"));
        Assert.Equal(0, place.Count("{s}queue"));
        Assert.Equal(300, storage.GetMonitoringApi().GetStatistics().Succeeded);
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.HangAnswer)]
    internal async Task Runs_are_executed_although_the_answer_to_their_claim_was_lost(Fault fault)
    {
        var place = NewPlace("Command Timeout=10");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        _proxy.Once(Claim, fault);

        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);

        await Until.TrueAsync(() => place.Count("{s}job WHERE state = 'Succeeded'") == 1, "the job has succeeded", () => Describe(place));
        Assert.Equal(1, _proxy.Faults);
        Assert.Equal(1, Jobs.Executions(place.Schema));
    }

    [Fact]
    public async Task Claim_IsGivenBack_WhenItsAnswerWasLostAndTheLeaseOfItsProcessLives()
    {
        var place = NewPlace();
        using var storage = place.Open(static options => options.LeaseTimeout = TimeSpan.FromSeconds(30));
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        var lease = Lease(place).Id;
        _proxy.Once(Claim, Fault.LoseAnswer);

        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);

        await Until.TrueAsync(() => place.Count("{s}job WHERE state = 'Succeeded'") == 1, "the job has succeeded", () => Describe(place));
        Assert.Equal(1, _proxy.Faults);
        Assert.Equal(lease, Lease(place).Id);
    }

    [Theory]
    [InlineData("INSERT INTO {s}lock")]
    [InlineData("DELETE FROM {s}lock WHERE resource")]
    public async Task Lock_IsFreeAgain_AlthoughTheAnswerAboutItWasLost(string statement)
    {
        var place = NewPlace();
        using var storage = place.Open();
        using var connection = storage.GetConnection();
        connection.AcquireDistributedLock("warm", TimeSpan.Zero).Dispose();
        _proxy.Once(
            statement.Replace("{s}", $"\"{place.Schema}\".", StringComparison.Ordinal),
            statement.StartsWith('D') ? Fault.LoseRequest : Fault.LoseAnswer);
        try
        {
            connection.AcquireDistributedLock("recurring", TimeSpan.Zero).Dispose();
        }
        catch (JobStorageUnavailableException)
        {
        }
        Assert.Equal(1, _proxy.Faults);
        Assert.Equal(1, place.Count("{s}lock"));

        await Until.TrueAsync(() => place.Count("{s}lock") == 0, "the lock is gone that its living process does not hold any more");
    }

    [Fact]
    public async Task ChangeOfState_Happens_AlthoughALockIsNotReleased()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var id = new BackgroundJobClient(storage).Schedule(() => Jobs.Run(place.Schema, 0), TimeSpan.FromHours(1));
        using var dead = storage.GetConnection();
        dead.AcquireDistributedLock($"job:{id}:state-lock", TimeSpan.Zero);

        var changed = Task.Run(() => new BackgroundJobClient(storage).Requeue(id), TestContext.Current.CancellationToken);

        Assert.True(await changed.WaitAsync(Until.Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void HeldJobLock_IsNotBroken_ByTheWorkerThatFetchesTheJob()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var id = new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        using var other = storage.GetConnection();
        using var held = other.AcquireDistributedLock($"job:{id}:state-lock", TimeSpan.Zero);
        using var worker = storage.GetConnection();
        using var fetched = worker.FetchNextJob(["default"], TestContext.Current.CancellationToken);
        Assert.Equal(id, fetched.JobId);

        Assert.Throws<DistributedLockTimeoutException>(() => worker.AcquireDistributedLock($"job:{id}:state-lock", TimeSpan.Zero));
        other.SetJobParameter(id, "Continuations", "[]");
    }

    [Fact]
    public async Task ScheduledJob_DoesNotFail_WhenItsDatabaseWasAwayWhenItWasDue()
    {
        var place = NewPlace();
        using var storage = place.Open();
        new BackgroundJobClient(storage).Schedule(() => Jobs.Run(place.Schema, 0), TimeSpan.FromSeconds(1));
        // All the attempts Hangfire makes before it gives the job up.
        _proxy.Decide = sql => _proxy.Faults < 5 && sql.Contains("locked_until = CAST", StringComparison.Ordinal)
            ? Fault.LoseRequest
            : Fault.None;

        using var background = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 1, SchedulePollingInterval = TimeSpan.FromSeconds(1) }, storage);

        await Until.TrueAsync(() => place.Count("{s}job WHERE state = 'Succeeded'") == 1, "the job has succeeded", () => Describe(place));
        Assert.Equal(5, _proxy.Faults);
        Assert.Equal(0, place.Count("{s}state WHERE name = 'Failed'"));
    }

    [Fact]
    public async Task Connections_AreReplacedUnnoticed_WhenTheyBrokeWhileIdle()
    {
        var place = NewPlace("Keepalive=1");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        using var pool = new IdleConnections(place.ConnectionString);
        await Until.TrueAsync(() => pool.Count > 0, "connections are idle");
        _proxy.IsDown = true;
        _proxy.Cut();
        await Until.EqualAsync(0, () => pool.Count, "the number of idle connections, as the keepalive notices that they broke");
        _proxy.IsDown = false;

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(2, place.Count("{s}queue"));
    }

    [Fact]
    public async Task Lease_SurvivesAConnectionThatHangs()
    {
        var place = NewPlace();
        using var storage = place.Open(static options => options.LeaseTimeout = LeaseTimeout);
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        _proxy.Once("SET expires_at", Fault.HangAnswer);
        await Until.TrueAsync(() => _proxy.Faults == 1, "a renewal hangs");
        var (id, hung) = Lease(place);

        await Until.TrueAsync(
            () => Lease(place) is var now && (now.Id != id || now.ExpiresAt > hung), "it is renewed on another connection");

        var renewed = Lease(place);
        Assert.Equal(id, renewed.Id);
        // By the database's clock, in time.
        Assert.True(renewed.ExpiresAt - (LeaseTimeout.Ticks / TimeSpan.TicksPerMicrosecond) < hung, $"{hung} {renewed}");
    }

    [Fact]
    public async Task Storage_LosesNothing_WhenAnyRequestOrAnswerMayGetLost()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, -1));
        // Rarely enough that Hangfire's attempts at one change of state, five and ten in a row, do not all fail.
        _proxy.Decide = static _ => Random.Shared.Next(50) switch { 0 => Fault.LoseAnswer, 1 => Fault.LoseRequest, _ => Fault.None };
        using var background = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 8, SchedulePollingInterval = TimeSpan.FromSeconds(1) }, storage);
        List<string> returned = [];
        while (returned.Count < 300 || _proxy.Faults < 20)
        {
            try
            {
                var number = returned.Count;
                returned.Add(Random.Shared.Next(10) == 0
                    ? client.Schedule(() => Jobs.Run(place.Schema, number), TimeSpan.FromSeconds(1))
                    : client.Enqueue(() => Jobs.Run(place.Schema, number)));
            }
            catch (BackgroundJobClientException exception)
            {
                var unavailable = Assert.IsType<JobStorageUnavailableException>(exception.InnerException);
                Assert.False(unavailable.MayBeCommitted);
            }
        }
        _proxy.Decide = static _ => Fault.None;

        await Until.TrueAsync(
            () => place.Count("{s}job WHERE state <> 'Succeeded'") == 0 && place.Count("{s}queue") == 0, "all jobs have succeeded",
            () => Describe(place));
        Assert.Equal(returned.Count + 1, place.Count("{s}job WHERE state = 'Succeeded'"));
        Assert.Equal(returned.Count + 1, storage.GetMonitoringApi().GetStatistics().Succeeded);
    }

    public void Dispose() => _proxy.Dispose();

    private static void Initialize(IStorageConnection connection, string id)
    {
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, new EnqueuedState());
        transaction.AddToQueue("default", id);
        transaction.Commit();
    }

    private static (string Id, long ExpiresAt) Lease(PostgreSqlPlace place) =>
        Assert.Single(place.Query("SELECT id::text, expires_at FROM {s}lease"));

    private PostgreSqlPlace NewPlace(string more = "") => new(server, $"{_proxy.ConnectionString};{more}");

    private static string Describe(PostgreSqlPlace place) =>
        string.Join(", ", place.States().Select(static state => $"{state.Value} {state.Key}")) + "; "
        + string.Join(
            ", ",
            place.Query(
                "SELECT 'job ' || id || ': ' || state_reason || ' ' || state_data, version FROM {s}job WHERE state = 'Failed' LIMIT 3")
                .Select(static row => row.Text))
        + string.Join(
            ", ",
            place.Query(
                "SELECT 'job ' || job_id || ' claimed by ' || coalesce(claimed_by::text, 'none'), deliveries FROM {s}queue LIMIT 10")
                .Select(static row => $"{row.Text} ({row.Number})"));
}
