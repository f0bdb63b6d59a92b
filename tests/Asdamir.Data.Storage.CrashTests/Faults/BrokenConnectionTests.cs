using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>Locks, the lease and idle connections survive what gets lost or breaks on the way, and so do all jobs.</summary>
public sealed class BrokenConnectionTests(FaultServer server) : ProxiedStorageTests(server)
{
    private static readonly TimeSpan LeaseTimeout = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("INSERT INTO {s}lock")]
    [InlineData("DELETE FROM {s}lock WHERE resource")]
    public async Task Lock_IsFreeAgain_AlthoughTheAnswerAboutItWasLost(string statement)
    {
        var place = NewPlace();
        using var storage = place.Open();
        using var connection = storage.GetConnection();
        connection.AcquireDistributedLock("warm", TimeSpan.Zero).Dispose();
        Proxy.Once(
            statement.Replace("{s}", $"\"{place.Schema}\".", StringComparison.Ordinal),
            statement.StartsWith('D') ? Fault.LoseRequest : Fault.LoseAnswer);
        try
        {
            connection.AcquireDistributedLock("recurring", TimeSpan.Zero).Dispose();
        }
        catch (JobStorageUnavailableException)
        {
        }
        Assert.Equal(1, Proxy.Faults);
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
        Proxy.Decide = sql => Proxy.Faults < 5 && sql.Contains("locked_until = CAST", StringComparison.Ordinal)
            ? Fault.LoseRequest
            : Fault.None;

        using var background = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 1, SchedulePollingInterval = TimeSpan.FromSeconds(1) }, storage);

        await Until.TrueAsync(() => place.Count("{s}job WHERE state = 'Succeeded'") == 1, "the job has succeeded", () => Describe(place));
        Assert.Equal(5, Proxy.Faults);
        Assert.Equal(0, place.Count($"{PlaceExtensions.History} WHERE name = 'Failed'"));
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
        Proxy.IsDown = true;
        Proxy.Cut();
        await Until.EqualAsync(0, () => pool.Count, "the number of idle connections, as the keepalive notices that they broke");
        Proxy.IsDown = false;

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(2, place.Count("{s}queue"));
    }

    [Fact]
    public async Task Lease_SurvivesAConnectionThatHangs()
    {
        var place = NewPlace();
        using var storage = place.Open(static options => options.LeaseTimeout = LeaseTimeout);
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        Proxy.Once("SET expires_at", Fault.HangAnswer);
        await Until.TrueAsync(() => Proxy.Faults == 1, "a renewal hangs");
        var (id, hung) = Lease(place);

        await Until.TrueAsync(
            () => Lease(place) is var now && (now.Id != id || now.ExpiresAt > hung), "it is renewed on another connection");

        var renewed = Lease(place);
        Assert.Equal(id, renewed.Id);
        // By the database's clock, in time.
        Assert.True(renewed.ExpiresAt - (LeaseTimeout.Ticks / TimeSpan.TicksPerMicrosecond) < hung, $"{hung} {renewed}");
    }

    [Fact]
    public async Task Lease_IsRenewedAgain_WhenTheDatabaseIsBack()
    {
        var place = NewPlace("Timeout=1");
        using var storage = place.Open(static options => options.LeaseTimeout = LeaseTimeout);
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        var (id, before) = Lease(place);
        var failures = 0;
        // Two failures that take no time are repeated at once; after another one the lease is in trouble.
        Proxy.Decide = sql =>
            sql.Contains("SET expires_at", StringComparison.Ordinal) && Interlocked.Increment(ref failures) <= 5
                ? Fault.LoseRequest
                : Fault.None;

        await Until.TrueAsync(() => failures > 5 && Lease(place).ExpiresAt > before, "it is renewed");

        Assert.Equal(id, Lease(place).Id);
    }

    [Fact]
    public async Task Storage_LosesNothing_WhenAnyRequestOrAnswerMayGetLost()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, -1));
        // Rarely enough that Hangfire's attempts at one change of state, five and ten in a row, do not all fail.
        Proxy.Decide = static _ => Random.Shared.Next(50) switch { 0 => Fault.LoseAnswer, 1 => Fault.LoseRequest, _ => Fault.None };
        using var background = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 8, SchedulePollingInterval = TimeSpan.FromSeconds(1) }, storage);
        List<string> returned = [];
        while (returned.Count < 300 || Proxy.Faults < 20)
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
        Proxy.Decide = static _ => Fault.None;

        await Until.TrueAsync(
            () => place.Count("{s}job WHERE state <> 'Succeeded'") == 0 && place.Count("{s}queue") == 0, "all jobs have succeeded",
            () => Describe(place));
        Assert.Equal(returned.Count + 1, place.Count("{s}job WHERE state = 'Succeeded'"));
        Assert.Equal(returned.Count + 1, storage.GetMonitoringApi().GetStatistics().Succeeded);
    }
}
