using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class LimitsOnPostgreSql() : LimitTests(static place => OnPostgreSql(place))
{
    // The second and the third job share a limit with the first one, and the third has room beside it only when the second is left out.
    [Fact]
    public async Task Claim_OfARepetitionWhoseAnswerIsLost_IsReturned()
    {
        Storage.DeclareLimits("default", [new("a", 2), new("b", 1), new("c", 9)]);
        string[] ids = [.. new[] { ("b", "1"), ("b", "2"), ("c", "3") }.Select(limit => CreateWith(
            JobLimits.Parameter,
            System.Text.Json.JsonSerializer.Serialize(
                JobLimits.Of([new("a", null), new(limit.Item1, null), new("d", limit.Item2)]))))];
        using var proxy = new FaultProxy(Place.PostgreSql);
        using var storage = new PostgreSqlJobStorage(
            proxy.ConnectionString, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
        var claim = 0;
        proxy.Decide = sql => sql.Contains("pg_advisory_xact_lock", StringComparison.Ordinal) && Interlocked.Increment(ref claim) == 2
            ? Fault.LoseAnswer
            : Fault.None;
        using var claims = storage.OpenClaims(["default"], Server);

        using var first = Assert.Single(await claims.ClaimAsync(10, Token));
        using var third = Assert.Single(await claims.ClaimAsync(10, Token).WaitAsync(Until.Limit, Token));

        Assert.Equal((ids[0], ids[2]), (first.JobId, third.JobId));
        Assert.Equal(2, Rows.Value<long>($"SELECT deliveries FROM {{s}}queue WHERE job_id = {ids[2]}"));
    }

    [Fact]
    public async Task Claim_HandsOverWhatItHas_WhenItsRepetitionFails()
    {
        Storage.DeclareLimits("default", [new JobLimitRule("smtp", 2)]);
        var parameter = System.Text.Json.JsonSerializer.Serialize(JobLimits.Of([new JobLimit("smtp", null)]));
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => CreateWith(JobLimits.Parameter, parameter))];
        using var proxy = new FaultProxy(Place.PostgreSql);
        using var storage = new PostgreSqlJobStorage(
            proxy.ConnectionString, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
        var claim = 0;
        proxy.Decide = sql => sql.Contains("pg_advisory_xact_lock", StringComparison.Ordinal) && Interlocked.Increment(ref claim) == 2
            ? Fault.LoseRequest
            : Fault.None;
        using var claims = storage.OpenClaims(["default"], Server);

        var jobs = await claims.ClaimAsync(10, Token);

        Assert.Equal(ids[..2], jobs.Select(static job => job.JobId));
        Assert.Equal(2, claim);
        foreach (var job in jobs)
        {
            job.RemoveFromQueue();
            job.Dispose();
        }
        using var next = Assert.Single(await claims.ClaimAsync(10, Token));
        Assert.Equal(ids[2], next.JobId);
    }
}

public sealed class LimitsOnSqlite() : LimitTests(static place => OnSqlite(place));

/// <summary>How many jobs of a limit are executed at the same time, whichever process claims them, and when the others are.</summary>
public abstract class LimitTests(Func<Place, SqlJobStorage> open) : LimitedQueueTests(open)
{
    [Fact]
    public async Task Claim_TakesAsManyAsTheLimitAllows_AndTheOthersWhenOneEnds()
    {
        Declare(("smtp", 2));
        var ids = CreateAll(5, "smtp");
        var other = Create();

        var running = await BeginAsync(10);
        Assert.Equal([ids[0], ids[1], other], running.Select(static job => job.JobId));

        End(running[0]);
        Assert.Equal([ids[2]], (await BeginAsync(10)).Select(static job => job.JobId));
    }

    [Fact]
    public async Task Claim_OfAnotherProcess_CountsWhatThisOneExecutes()
    {
        Declare(("smtp", 1));
        var ids = CreateAll(2, "smtp");
        var running = await BeginAsync(1);
        var marker = Create();

        var others = Remember(OpenAnother());
        using var claims = others.OpenClaims([Queue], "server-2");
        var job = Remember(Assert.Single(await claims.ClaimAsync(5, Token)));
        Assert.Equal(marker, job.JobId);

        End(running[0]);
        Assert.Equal(ids[1], Remember(Assert.Single(await claims.ClaimAsync(5, Token))).JobId);
    }

    [Fact]
    public async Task Keys_AreCountedSeparately()
    {
        Declare(("api", 1));
        var (a, sameAsA, b) = (Create(Limit("api", "a")), Create(Limit("api", "a")), Create(Limit("api", "b")));
        var (none, empty) = (Create(Limit("api")), Create(Limit("api", "")));

        var running = await BeginAsync(10);

        Assert.Equal([a, b, none], running.Select(static job => job.JobId));
        End(running[0]);
        Assert.Equal([sameAsA], (await BeginAsync(10)).Select(static job => job.JobId));
        End(running[2]);
        Assert.Equal([empty], (await BeginAsync(10)).Select(static job => job.JobId));
    }

    [Theory]
    [InlineData("Ä", "ä")]
    [InlineData("ss", "ß")]
    [InlineData("\u00e9", "e\u0301")]
    [InlineData("a", "a ")]
    public async Task KeysAndNames_AreComparedByTheirCharacters(string one, string other)
    {
        Declare((one, 1), (other, 1));
        var ids = new[]
        {
            Create(Limit(one, one)), Create(Limit(one, other)), Create(Limit(other, one)), Create(Limit(other, other)),
        };

        Assert.Equal(ids, (await BeginAsync(10)).Select(static job => job.JobId));
    }

    [Fact]
    public async Task JobWithSeveralLimits_WaitsForAllOfThem_AndBlocksNoOther()
    {
        Declare(("smtp", 2), ("tenant", 1));
        var first = Create(Limit("smtp"), Limit("tenant", "a"));
        var waits = Create(Limit("tenant", "a"), Limit("smtp"));
        var second = Create(Limit("smtp"), Limit("tenant", "b"));
        var full = Create(Limit("smtp"), Limit("tenant", "c"));

        var running = await BeginAsync(10);
        Assert.Equal([first, second], running.Select(static job => job.JobId));

        End(running[1]);
        running = await BeginAsync(10);
        Assert.Equal([full], running.Select(static job => job.JobId));

        End(running[0]);
        var marker = Create();
        Assert.Equal([marker], (await BeginAsync(10)).Select(static job => job.JobId));
        EndAll(first);
        Assert.Equal([waits], (await BeginAsync(10)).Select(static job => job.JobId));
    }

    [Fact]
    public async Task JobsWithAndWithoutLimits_AreClaimedInOneOrder()
    {
        Declare(("smtp", 10));
        var late = Create(9, Limit("smtp"));
        var first = Create(Limit("smtp"));
        var second = Create();
        var third = Create(Limit("smtp", "x"));
        var urgent = Create(0, Limit("smtp"));

        List<string> claimed = [];
        while (claimed.Count < 5)
            claimed.AddRange((await BeginAsync(1)).Select(static job => job.JobId));

        Assert.Equal([urgent, first, second, third, late], claimed);
    }

    [Fact]
    public async Task ChangedLimit_HoldsFromThenOn_AndOutlastsADeployment()
    {
        Declare(("smtp", 1));
        var ids = CreateAll(4, "smtp");
        var running = await BeginAsync(10);

        Assert.True(Storage.ChangeLimit(Queue, "smtp", 2, "kim", "The provider allows more"));
        running.AddRange(await BeginAsync(10));
        Assert.Equal(ids[..2], running.Select(static job => job.JobId));

        Declare(("smtp", 4));
        var status = Assert.Single(Storage.Limits());
        Assert.Equal(
            (Queue, "smtp", 4, 2, 2, "kim", "The provider allows more", 2L, 2L),
            (status.Queue, status.Name, status.Declared, status.ChangedTo, status.MaxRunning, status.ChangedBy, status.Reason,
                status.Running, status.Waiting));
        Assert.NotNull(status.ChangedAt);

        Assert.True(Storage.ChangeLimit(Queue, "smtp", null, "kim", null));
        running.AddRange(await BeginAsync(10));
        Assert.Equal(ids, running.Select(static job => job.JobId));
    }

    [Fact]
    public async Task Limit_OfZero_LetsNothingBegin()
    {
        Declare(("smtp", 0));
        var waits = Create(Limit("smtp"));
        var marker = Create();

        Assert.Equal([marker], (await BeginAsync(10)).Select(static job => job.JobId));
        using var other = OpenAnother();
        Assert.True(other.ChangeLimit(Queue, "smtp", 1, "kim", null));
        Assert.Equal([waits], (await BeginAsync(10)).Select(static job => job.JobId));
    }

    [Fact]
    public async Task Limit_ThatNobodyHasDeclared_LimitsNothing()
    {
        var ids = CreateAll(3, "unknown");

        Assert.Equal(ids, (await BeginAsync(10)).Select(static job => job.JobId));
        Assert.False(Storage.ChangeLimit(Queue, "unknown", 1, "kim", null));
    }

    [Fact]
    public async Task LimitOfOneQueue_IsNotThatOfAnother()
    {
        Declare(("smtp", 1));
        CreateAll(2, "smtp");
        using var connection = Storage.GetConnection();
        var elsewhere = Enumerable.Range(0, 2).Select(_ => Create("other", null, Limit("smtp"))).ToList();

        using var claims = Storage.OpenClaims(["other"], Server);
        Assert.Equal(elsewhere, (await claims.ClaimAsync(10, Token)).Select(job => Remember(job).JobId));
        Assert.Single(await BeginAsync(10));
    }

    [Fact]
    public async Task JobOfAProcessThatDied_MakesRoom_WhenItIsReturned()
    {
        Declare(("smtp", 1));
        var ids = CreateAll(2, "smtp");
        await BeginAsync(10);

        Rows.Execute("DELETE FROM {s}lease");

        using var other = OpenAnother();
        using var claims = other.OpenClaims([Queue], "server-2");
        var again = Assert.Single(await claims.ClaimAsync(10, Token));
        Assert.Equal(ids[0], again.JobId);
        again.RemoveFromQueue();
        again.Dispose();
        using var next = Assert.Single(await claims.ClaimAsync(10, Token));
        Assert.Equal(ids[1], next.JobId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task JobThatIsGivenBackOrDeleted_MakesRoom(bool isDeleted)
    {
        Declare(("smtp", 1));
        var ids = CreateAll(2, "smtp");
        var running = Assert.Single(await BeginAsync(10));

        if (isDeleted)
            Client.Delete(running.JobId);
        else
            running.Requeue();
        running.RemoveFromQueue();
        running.Dispose();

        Assert.Equal(isDeleted ? ids[1] : ids[0], Assert.Single(await BeginAsync(10)).JobId);
    }

    [Fact]
    public async Task Job_KeepsItsLimits_WhenAnotherProcessStartsOrRequeuesIt()
    {
        Declare(("smtp", 1));
        using (var connection = Storage.GetConnection())
        {
            var delayed = connection.CreateExpiredJob(
                SampleJobs.Text("x"), ParametersOf(null, [Limit("smtp")]), DateTime.UtcNow, TimeSpan.FromDays(1));
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetJobState(delayed, new ScheduledState(TimeSpan.FromMinutes(-1)));
            transaction.AddToSet("schedule", delayed, 1);
            transaction.Commit();
        }
        StartDelayed();
        var requeued = Create(Limit("smtp"));
        Client.Delete(requeued);
        EnqueueByAnother(requeued);
        var marker = Create();

        var claimed = (await BeginAsync(10)).ConvertAll(static job => job.JobId);

        Assert.Equal(2, claimed.Count);
        Assert.DoesNotContain(requeued, claimed);
        Assert.Contains(marker, claimed);
    }

    [Fact]
    public async Task WaitingServer_GetsNoMoreThanTheLimitAllows_FromCommitsOfItsProcess()
    {
        Declare(("smtp", 1));
        using var claims = Storage.OpenClaims([Queue], Server);
        var waiting = claims.ClaimAsync(10, Token);
        var first = Create(Limit("smtp"));
        var running = Remember(Assert.Single(await waiting));
        Assert.Equal(first, running.JobId);

        waiting = claims.ClaimAsync(10, Token);
        var second = Create(Limit("smtp"));
        var marker = Create();
        Assert.Equal([marker], (await waiting).Select(job => Remember(job).JobId));

        waiting = claims.ClaimAsync(10, Token);
        End(running);
        Assert.Equal([second], (await waiting).Select(job => Remember(job).JobId));
    }

    [Fact]
    public void WorkersOfHangfire_ObserveLimits_Too()
    {
        Declare(("smtp", 1));
        CreateAll(2, "smtp");
        var marker = Create();
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var other = (JobStorageConnection)Storage.GetConnection();

        using var first = Fetch(connection);
        using var second = Fetch(other);

        Assert.Equal(marker, second.JobId);
    }

    [Fact]
    public async Task RacingProcesses_NeverExecuteMoreThanTheLimitAllows()
    {
        const int Jobs = 60;
        const int Most = 3;
        Declare(("smtp", Most), ("tenant", 2));
        for (var i = 0; i < Jobs; i++)
            Create(Limit("smtp"), Limit("tenant", $"{i % 4}"));
        var (running, most, done) = (0, 0, 0);
        var gate = new Lock();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            using var other = OpenAnother();
            using var claims = other.OpenClaims([Queue], $"server-{i}");
            while (!ended.IsCancellationRequested)
            {
                IReadOnlyList<IClaimedJob> jobs;
                try
                {
                    jobs = await claims.ClaimAsync(2, ended.Token);
                }
                catch (OperationCanceledException)
                {
                    break;
                }
                lock (gate)
                    most = Math.Max(most, running += jobs.Count);
                await Task.Yield();
                // Until it ends in the database, it counts.
                foreach (var job in jobs)
                {
                    lock (gate)
                        running--;
                    job.RemoveFromQueue();
                    job.Dispose();
                    if (Interlocked.Increment(ref done) == Jobs)
                        await ended.CancelAsync();
                }
            }
        }, Token)));

        Assert.Equal(Jobs, done);
        Assert.InRange(most, 1, Most);
    }

    [Fact]
    public async Task OtherJobs_AreClaimedAtOnce_HoweverManyWaitForRoom()
    {
        Declare(("smtp", 1), ("other", 0));
        var running = Create(Limit("smtp"));
        await BeginAsync(1);
        Fill(running, 100_000);

        var marker = Create();
        Assert.Equal([marker], (await BeginAsync(10)).Select(static job => job.JobId));
        CreateAll(2, "other");
        Assert.Equal(
            [("other", 0L, 2L), ("smtp", 1L, (long)IJobLimits.MostCounted)],
            Storage.Limits().Select(static limit => (limit.Name, limit.Running, limit.Waiting)));
        EndAll(running);
        Assert.Single(await BeginAsync(10));
    }

    [Fact]
    public void WaitingJobs_AreListedAndCounted()
    {
        Declare(("smtp", 1));
        var ids = CreateAll(3, "smtp");

        Assert.Equal(3, Storage.GetMonitoringApi().EnqueuedCount(Queue));
        Assert.Equal(ids, Storage.GetMonitoringApi().EnqueuedJobs(Queue, 0, 10).Select(static job => job.Key));
        Assert.Equal(Queue, Assert.Single(Storage.Queues()).Name);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[[\"a\"]]")]
    [InlineData("[[null,null]]")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task Job_WithABrokenParameter_HasNoLimits(string value)
    {
        var id = CreateWith(JobLimits.Parameter, System.Text.Json.JsonSerializer.Serialize(value));

        Assert.Equal([id], (await BeginAsync(1)).Select(static job => job.JobId));
    }

    [Fact]
    public void Declaration_IsRefused_WhenItIsInvalid()
    {
        AssertRefused("has 101 characters", (new string('n', 101), 1));
        AssertRefused("is empty", (" ", 1));
        AssertRefused("control characters", ("a\nb", 1));
        AssertRefused("twice", ("a", 1), ("a", 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Declare(("a", -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Storage.ChangeLimit(Queue, "a", int.MaxValue, "kim", null));
        Assert.Throws<ArgumentException>(() => JobLimits.Of([]));
        Assert.Throws<ArgumentException>(() => JobLimits.Of([Limit("a"), Limit("a", "x")]));
        Assert.Throws<ArgumentException>(() => JobLimits.Of([.. Enumerable.Range(0, 6).Select(static i => Limit($"{i}"))]));
        Assert.Empty(Storage.Limits());

        void AssertRefused(string fault, params (string Name, int MaxRunning)[] rules)
        {
            var refused = Assert.Throws<ArgumentException>(() => Declare(rules));
            Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
            Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        }
    }

    // Copies of the row of a job.
    private void Fill(string id, int count) => Rows.Execute(
        $$"""
        INSERT INTO {s}queue (queue, job_id, added_at, turn, priority, head_start, limits)
        SELECT q.queue, q.job_id, q.added_at + n.number, q.turn + n.number, q.priority, q.head_start, q.limits
        FROM {s}queue AS q CROSS JOIN (
            WITH RECURSIVE n (number) AS (SELECT 1 UNION ALL SELECT n.number + 1 FROM n WHERE n.number < {{count}})
            SELECT number FROM n) AS n
        WHERE q.job_id = {{id}}
        """);
}
