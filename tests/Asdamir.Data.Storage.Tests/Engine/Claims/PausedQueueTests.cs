using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class PausedQueueOnPostgreSql() : PausedQueueTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task Resume_NotifiesWaitingServersOfOtherProcesses()
    {
        Storage.Pause(JobPauseKind.Queue, Queue);
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        List<string> channels = [];
        connection.Notification += (_, notification) => channels.Add(notification.Channel);
        var channel = new PostgreSqlChannels(Place.Schema).Of(Queue);
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection))
            await listen.ExecuteNonQueryAsync(Token);

        Storage.EndPause(JobPauseKind.Queue, Queue);

        Assert.True(await connection.WaitAsync(Until.Limit, Token));
        Assert.Equal([channel], channels);
    }

    private protected override JobDatabase OpenDatabase() =>
        new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
}

public sealed class PausedQueueOnSqlite() : PausedQueueTests(static place => OnSqlite(place))
{
    private protected override JobDatabase OpenDatabase() => new SqliteDatabase($"Data Source={Place.File}", new SqliteJobStorageOptions());
}

/// <summary>A paused queue accepts jobs, and no process begins one of them.</summary>
public abstract class PausedQueueTests(Func<Place, SqlJobStorage> open) : QueueOrderTests(open)
{
    private protected const string Queue = "default";
    private const string Other = "other";

    [Theory]
    [InlineData(Queue, Other)]
    [InlineData(Other, Queue)]
    public async Task Server_GetsTheJobsOfItsOtherQueues_AndNoneOfThePausedOne(string first, string second)
    {
        Create();
        Pause();
        Create();
        using var claims = Storage.OpenClaims([first, second], Server);
        var waiting = claims.ClaimAsync(10, Token);
        // One by a claim that waits, one by a new claim.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var other = Create(queue: Other);

            var job = Assert.Single(await waiting.WaitAsync(Until.Limit, Token));

            Assert.Equal(other, job.JobId);
            job.RemoveFromQueue();
            job.Dispose();
            waiting = claims.ClaimAsync(10, Token);
        }
        Assert.Equal(2, Rows.Count($"{{s}}queue WHERE queue = '{Queue}' AND claimed_by IS NULL AND deliveries = 0"));
    }

    [Fact]
    public void WorkersOfHangfire_GetNoJobOfAPausedQueue()
    {
        var waits = Create();
        Pause();
        var other = Create(queue: Other);
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var limit = new CancellationTokenSource(Until.Limit);

        using (var fetched = connection.FetchNextJob([Queue, Other], limit.Token))
        {
            Assert.Equal(other, fetched.JobId);
            fetched.RemoveFromQueue();
        }

        Storage.EndPause(JobPauseKind.Queue, Queue);
        using var resumed = Fetch(connection);
        Assert.Equal(waits, resumed.JobId);
        resumed.RemoveFromQueue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Claim_TakesNothing_UntilTheQueueIsResumed(bool begins)
    {
        string[] ids = [Create(priority: 7), Create(key: "a"), Create(priority: 2, key: "b"), Create(key: "a"), Create()];
        Pause();
        using var claims = Claims();

        Assert.Empty(claims.Claim(begins));

        Storage.EndPause(JobPauseKind.Queue, Queue);
        Assert.Equal(ids.Order(), claims.Claim(begins).Select(static job => $"{job.JobId}").Order());
    }

    [Fact]
    public async Task Jobs_KeepTheirOrder_WhenTheQueueIsResumed()
    {
        var (late, usual) = (Create(priority: 8), Create());
        Pause();
        var (urgent, next) = (Create(priority: 0), Create());

        Storage.EndPause(JobPauseKind.Queue, Queue);

        Assert.Equal([urgent, usual, next, late], await ClaimAsync(4));
    }

    [Fact]
    public void JobsWithKeysInAPausedQueue_HideNoJobOfAnotherQueue()
    {
        Create(key: "a");
        using var claims = Claims();
        // This process knows that keys are in use, and another one does not.
        Assert.Single(claims.Claim());
        Create(key: "a");
        Pause();
        var other = Create(queue: Other);
        using var anew = Claims();

        Assert.Equal([other], claims.Claim().Concat(anew.Claim()).Select(static job => $"{job.JobId}"));
    }

    [Fact]
    public async Task PausesOfOtherQueues_OfOtherCase_AndOfOtherKinds_HoldNothing()
    {
        Storage.Pause(JobPauseKind.Queue, Other);
        Storage.Pause(JobPauseKind.Queue, "Default");
        Storage.Pause(JobPauseKind.Queue, "default ");
        Rows.Execute("INSERT INTO {s}pause (kind, name, paused_at) VALUES ('another-kind', 'default', 0)");

        var job = Create();

        Assert.Equal([job], await ClaimAsync(1));
        Assert.Equal(3, Storage.Pauses().Count);
    }

    [Fact]
    public async Task WaitingServer_GetsTheJob_WhenAnotherProcessResumesTheQueue()
    {
        Pause();
        var job = Create();
        using var claims = Storage.OpenClaims([Queue], Server);
        var waiting = claims.ClaimAsync(1, Token);

        using (var other = OpenAnother())
            Assert.True(other.EndPause(JobPauseKind.Queue, Queue));

        using var claimed = Assert.Single(await waiting.WaitAsync(Until.Limit, Token));
        Assert.Equal(job, claimed.JobId);
        claimed.RemoveFromQueue();
    }

    // Nothing announces that the time is over.
    [Fact]
    public async Task WaitingServer_GetsTheJob_WhenThePauseEndsAtItsTime()
    {
        Storage.Pause(JobPauseKind.Queue, Queue, until: DateTimeOffset.UtcNow.AddHours(1));
        var job = Create();
        using var claims = Storage.OpenClaims([Queue], Server);
        var waiting = claims.ClaimAsync(1, Token);

        Rows.Execute("UPDATE {s}pause SET expire_at = 1");

        using var claimed = Assert.Single(await waiting.WaitAsync(Until.Limit, Token));
        Assert.Equal(job, claimed.JobId);
        claimed.RemoveFromQueue();
    }

    [Fact]
    public async Task RunningJob_EndsWhileTheQueueIsPaused_AndOneThatIsGivenBackWaits()
    {
        var (running, returned) = (Create(), Create());
        using var claims = Storage.OpenClaims([Queue], Server);
        var jobs = await claims.ClaimAsync(2, Token);
        Assert.Equal([running, returned], jobs.Select(static job => job.JobId));
        Pause();

        jobs[0].RemoveFromQueue();
        jobs[0].Dispose();
        jobs[1].Dispose();

        using var source = Claims();
        Assert.Empty(source.Claim());
        Assert.Equal(1, Rows.Count($"{{s}}queue WHERE job_id = {returned} AND claimed_by IS NULL"));
    }

    [Fact]
    public void DueJob_IsEnqueued_AndWaits()
    {
        var job = Client.Create(SampleJobs.Text("x"), new ScheduledState(TimeSpan.FromMinutes(-1)));
        Pause();

        StartDelayed();

        Assert.Equal(1, Rows.Count($"{{s}}queue WHERE job_id = {job}"));
        using var source = Claims();
        Assert.Empty(source.Claim());
    }

    // The claims run all the time, so that some are on their way when the pause is committed.
    [Fact]
    public async Task NoClaimThatBeginsAfterThePause_TakesAJob()
    {
        for (var round = 0; round < 10; round++)
        {
            Fill(2_000);
            var isPaused = false;
            var claiming = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    using var source = Claims();
                    var claimed = 0;
                    while (true)
                    {
                        var isLast = Volatile.Read(ref isPaused);
                        var jobs = source.Claim(count: 1).Count;
                        if (isLast)
                            return (Claimed: claimed, After: jobs);
                        claimed += jobs;
                    }
                },
                Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
            await Until.TrueAsync(
                () => claiming.Exists(static task => task.IsFaulted) || Rows.Count("{s}queue WHERE claimed_by IS NOT NULL") > 0,
                "jobs are claimed");

            Pause();
            Volatile.Write(ref isPaused, true);
            var claims = await Task.WhenAll(claiming);

            Assert.All(claims, static claim => Assert.Equal(0, claim.After));
            Storage.EndPause(JobPauseKind.Queue, Queue);
            Rows.Execute("DELETE FROM {s}queue");
        }
    }

    private protected abstract JobDatabase OpenDatabase();

    private void Pause() => Storage.Pause(JobPauseKind.Queue, Queue, "test");

    private string Create(string queue = Queue, int priority = 5, string? key = null)
    {
        Dictionary<string, object> parameters = [];
        if (priority != JobPriority.Default)
            parameters[JobPriority.Parameter] = JobPriority.Of(priority, Aging);
        if (key is not null)
            parameters[JobFairness.Parameter] = JobFairness.Of(key);
        return Client.Create(SampleJobs.Text("x"), new EnqueuedState(queue), parameters);
    }

    // Rows of one job are as good here.
    private void Fill(int count)
    {
        var id = Create();
        Rows.Execute(
            $$"""
            INSERT INTO {s}queue (queue, job_id, added_at)
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {{count}})
            SELECT queue, job_id, added_at FROM {s}queue CROSS JOIN number WHERE job_id = {{id}}
            """);
    }

    private ClaimsOfAProcess Claims()
    {
        // Nothing renews it, and the storage of the test ends leases that stay unchanged for their timeout.
        Rows.Execute("INSERT INTO {s}lease (owner, expires_at, timeout) VALUES ('this', 9000000000000000, 600000000)");
        return new ClaimsOfAProcess(OpenDatabase(), Rows.Value<long>("SELECT max(id) FROM {s}lease"));
    }

    /// <summary>The claims of another process, each at once.</summary>
    private sealed class ClaimsOfAProcess(JobDatabase database, long lease) : IDisposable
    {
        public IReadOnlyList<ClaimedJob> Claim(bool begins = false, int count = 10) => database.Claims.Claim(
            new ClaimRequest(
                [Queue, Other], count, begins ? HangfireStates.Processing(Server, TimeProvider.System) : null),
            lease);

        public void Dispose() => database.Dispose();
    }
}
