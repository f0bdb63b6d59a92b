using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class RatesOnPostgreSql() : RateTests(static place => OnPostgreSql(place))
{
    private protected override SqlJobStorage OpenPollingSeldom() => new PostgreSqlJobStorage(
        Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema, PollInterval = Seldom });
}

public sealed class RatesOnSqlite() : RateTests(static place => OnSqlite(place))
{
    private protected override SqlJobStorage OpenPollingSeldom() =>
        new SqliteJobStorage($"Data Source={Place.File}", new SqliteJobStorageOptions { PollInterval = Seldom });
}

/// <summary>How many jobs of a limit begin in a window, whichever process claims them, and when the others do.</summary>
public abstract class RateTests(Func<Place, SqlJobStorage> open) : LimitedQueueTests(open)
{
    private const string Name = "api";

    private protected static readonly TimeSpan Seldom = TimeSpan.FromMinutes(1);

    /// <summary>The same tables, in a process that finds hardly anything by polling.</summary>
    private protected abstract SqlJobStorage OpenPollingSeldom();

    [Fact]
    public async Task Claim_BeginsNoMoreThanTheRateAllows_AlsoWhenOthersHaveEnded()
    {
        Declare(Rate("2/h"));
        var ids = CreateAll(3, Name);
        var marker = Create();

        var running = await BeginAsync(10);
        Assert.Equal([ids[0], ids[1], marker], running.Select(static job => job.JobId));
        running.ForEach(End);

        await AssertNothingBeginsAsync();
        using var other = OpenAnother();
        using var claims = other.OpenClaims([Queue], "server-2");
        marker = Create();
        Assert.Equal(marker, Remember(Assert.Single(await claims.ClaimAsync(10, Token))).JobId);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(200)]
    public async Task Starts_CountUntilAWindowHasPassed_OrTheClockWasSetForward(int starts)
    {
        Declare(Rate($"{starts}/d"));
        Create(Limit(Name));
        End(Assert.Single(await BeginAsync(1)));
        Rows.Execute($"UPDATE {{s}}limit_start SET number = {starts}");
        var waits = Create(Limit(Name));
        await AssertNothingBeginsAsync();

        Shift(TimeSpan.FromHours(-20));
        await AssertNothingBeginsAsync();

        Shift(TimeSpan.FromHours(-5));
        Assert.Equal(waits, Assert.Single(await BeginAsync(10)).JobId);
        Assert.Equal(1, Rows.Value<long>("SELECT CAST(sum(number) AS bigint) FROM {s}limit_start"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(200)]
    public async Task Starts_OfLaterThanNow_CountFromNow_WhenTheClockWasSetBack(int starts)
    {
        Declare(Rate($"{starts}/h"));
        Create(Limit(Name));
        End(Assert.Single(await BeginAsync(1)));
        Rows.Execute($"UPDATE {{s}}limit_start SET number = {starts}");
        var waits = Create(Limit(Name));

        Shift(TimeSpan.FromDays(300));
        await AssertNothingBeginsAsync();
        await Until.TrueAsync(
            () => Rows.Value<long>("SELECT max(begun_at) FROM {s}limit_start") <= Micros(DateTime.UtcNow.AddDays(1)),
            "they are moved");
        Assert.Equal(starts, Rows.Value<long>("SELECT CAST(sum(number) AS bigint) FROM {s}limit_start"));

        Shift(TimeSpan.FromMinutes(-61));
        Assert.Equal(waits, Assert.Single(await BeginAsync(10)).JobId);
    }

    [Fact]
    public async Task WaitingServer_BeginsAJob_WhenTheRateHasRoom_WithoutPolling()
    {
        Declare(Rate("1/s"));
        CreateAll(3, Name);
        using var seldom = OpenPollingSeldom();
        using var claims = seldom.OpenClaims([Queue], Server);

        var begun = new List<IClaimedJob>();
        while (begun.Count < 3)
            begun.AddRange((await claims.ClaimAsync(3, Token).WaitAsync(Until.Limit, Token)).Select(Remember));

        AssertRate(ClaimedAt(), 1, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void WorkersOfHangfire_BeginAJob_WhenTheRateHasRoom()
    {
        Declare(Rate("1/s"));
        CreateAll(2, Name);
        using var seldom = OpenPollingSeldom();
        using var connection = (JobStorageConnection)seldom.GetConnection();

        using var first = Fetch(connection);
        using var second = Fetch(connection);

        AssertRate(ClaimedAt(), 1, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Process_Knows_WhenTheFirstJobHasRoomOfAllItsRates()
    {
        Declare(Rate("1/h"), new JobLimitRule("day", 9, Of("1/d")));
        Create(Limit(Name), Limit("day"));
        await BeginAsync(1);
        using var connection = (StorageConnection)Storage.GetConnection();
        var limited = connection.Open.Engine.Database.Limited;
        Assert.Null(limited.UntilRoom(["other"]));

        Create(Limit("day"), Limit(Name));
        await AssertNothingBeginsAsync();
        Assert.InRange(limited.UntilRoom(["other", Queue])!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));

        var hourly = Create(Limit(Name));
        await AssertNothingBeginsAsync();
        Assert.InRange(limited.UntilRoom([Queue])!.Value, TimeSpan.Zero, TimeSpan.FromHours(1));

        Shift(TimeSpan.FromHours(-1));
        Assert.Equal(hourly, Assert.Single(await BeginAsync(10)).JobId);
    }

    [Fact]
    public async Task Keys_AreCountedSeparately()
    {
        Declare(Rate("1/h"));
        var (a, sameAsA, b) = (Create(Limit(Name, "a")), Create(Limit(Name, "a")), Create(Limit(Name, "b")));

        var running = await BeginAsync(10);

        Assert.Equal([a, b], running.Select(static job => job.JobId));
        running.ForEach(End);
        await AssertNothingBeginsAsync();
        Shift(TimeSpan.FromHours(-1));
        Assert.Equal(sameAsA, Assert.Single(await BeginAsync(10)).JobId);
    }

    [Fact]
    public async Task JobWithSeveralLimits_NeedsRoomOfAll_AndCountsForEachRateItBeginsUnder()
    {
        Declare(Rate("2/h"), new JobLimitRule("smtp", 1), new JobLimitRule("day", 9, Of("3/d")));
        var first = Create(Limit(Name), Limit("smtp"), Limit("day"));
        var waits = Create(Limit(Name), Limit("smtp"));
        var other = Create(Limit(Name), Limit("day"));

        var running = await BeginAsync(10);
        Assert.Equal([first, other], running.Select(static job => job.JobId));
        Assert.Equal(4, Rows.Value<long>("SELECT CAST(sum(number) AS bigint) FROM {s}limit_start"));

        running.ForEach(End);
        await AssertNothingBeginsAsync();
        Assert.True(Storage.ChangeLimit(Queue, Name, null, "kim", null, Of("3/h")));
        Assert.Equal(waits, Assert.Single(await BeginAsync(10)).JobId);
    }

    [Fact]
    public async Task RateAndMaxRunningOfOneLimit_BothHold()
    {
        Declare(new JobLimitRule(Name, 1, Of("2/h")));
        var ids = CreateAll(3, Name);

        End(Assert.Single(await BeginAsync(10)));
        var second = Assert.Single(await BeginAsync(10));
        Assert.Equal(ids[1], second.JobId);
        await AssertNothingBeginsAsync();
        End(second);
        await AssertNothingBeginsAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task JobThatIsReturnedToItsQueue_CountsAgain(bool hasDied)
    {
        Declare(Rate("2/h"));
        var ids = CreateAll(2, Name);
        var job = Assert.Single(await BeginAsync(1));
        Assert.Equal(ids[0], job.JobId);

        if (hasDied)
            Rows.Execute("DELETE FROM {s}lease");
        else
            job.Requeue();

        using var other = OpenAnother();
        using var claims = other.OpenClaims([Queue], "server-2");
        Assert.Contains(Remember(Assert.Single(await claims.ClaimAsync(10, Token))).JobId, ids);
        await Until.TrueAsync(() => Rows.Count("{s}queue WHERE claimed_by IS NULL") == 1, "the first claim is returned");
        var marker = Create();
        Assert.Equal(marker, Remember(Assert.Single(await claims.ClaimAsync(10, Token))).JobId);
    }

    [Fact]
    public async Task ChangedRate_HoldsFromThenOn_AndOutlastsADeployment()
    {
        Declare(Rate("1/h"));
        CreateAll(4, Name);
        (await BeginAsync(10)).ForEach(End);

        Assert.True(Storage.ChangeLimit(Queue, Name, null, "kim", "The provider allows more", Of("3/h")));
        Assert.True(Storage.ChangeLimit(Queue, Name, 5, "kim", "The provider allows more"));
        var running = await BeginAsync(10);
        Assert.Equal(2, running.Count);

        Declare(Rate("2/min"));
        var status = Assert.Single(Storage.Limits());
        Assert.Equal(
            (JobLimits.MaxRunning, 5, 5, Of("2/min"), Of("3/h"), Of("3/h"), "kim", "The provider allows more"),
            (status.Declared, status.ChangedTo, status.MaxRunning, status.DeclaredRate, status.RateChangedTo, status.Rate,
                status.ChangedBy, status.Reason));
        running.ForEach(End);
        await AssertNothingBeginsAsync();

        Assert.True(Storage.ChangeLimit(Queue, Name, null, "kim", null));
        status = Assert.Single(Storage.Limits());
        Assert.Equal((null, null, Of("2/min")), (status.ChangedTo, status.RateChangedTo, status.Rate));
        // Under the shorter window as well.
        await AssertNothingBeginsAsync();

        Declare(new JobLimitRule(Name, 1));
        Assert.Null(Assert.Single(Storage.Limits()).Rate);
        Assert.Single(await BeginAsync(10));
    }

    [Fact]
    public async Task NothingIsCounted_WithoutARate()
    {
        Declare(new JobLimitRule(Name, 3));
        CreateAll(2, Name);
        Create(Limit("unknown"));

        Assert.Equal(3, (await BeginAsync(10)).Count);

        Assert.Equal(0, Rows.Value<long>("SELECT count(*) FROM {s}limit_start"));
    }

    [Theory]
    [InlineData(10, 25)]
    [InlineData(100, 230)]
    public async Task RacingProcesses_NeverBeginMoreThanTheRateAllows(int starts, int jobs)
    {
        Declare(Rate($"{starts}/s"), new JobLimitRule("tenant", 3));
        for (var i = 0; i < jobs; i++)
            Create(Limit(Name), Limit("tenant", $"{i % 4}"));
        var done = 0;
        List<long> begun = [];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            using var other = OpenAnother();
            using var claims = other.OpenClaims([Queue], $"server-{i}");
            while (!ended.IsCancellationRequested)
            {
                IReadOnlyList<IClaimedJob> claimed;
                try
                {
                    claimed = await claims.ClaimAsync(3, ended.Token);
                }
                catch (OperationCanceledException)
                {
                    break;
                }
                foreach (var job in claimed)
                {
                    lock (begun)
                        begun.Add(Rows.Value<long>($"SELECT claimed_at FROM {{s}}queue WHERE job_id = {job.JobId}"));
                    job.RemoveFromQueue();
                    job.Dispose();
                    if (Interlocked.Increment(ref done) == jobs)
                        await ended.CancelAsync();
                }
            }
        }, Token)));

        Assert.Equal(jobs, done);
        AssertRate(begun, starts, TimeSpan.FromSeconds(1));
        Assert.InRange(Rows.Value<long>("SELECT count(*) FROM {s}limit_start"), 1, 62);
    }

    [Fact]
    public void Rate_IsRefused_WhenItIsOutOfRange()
    {
        foreach (var rate in new JobRate[]
        {
            new(0, TimeSpan.FromMinutes(1)), new(-1, TimeSpan.FromMinutes(1)), new(1_000_001, TimeSpan.FromMinutes(1)),
            new(1, TimeSpan.Zero), new(1, TimeSpan.FromMilliseconds(1500)), new(1, TimeSpan.FromDays(32)), new(1, TimeSpan.MinValue),
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Declare(new JobLimitRule(Name, 1, rate)));
            Assert.Throws<ArgumentOutOfRangeException>(() => Storage.ChangeLimit(Queue, Name, null, "kim", null, rate));
        }
        Assert.Empty(Storage.Limits());
    }

    private static JobRate Of(string text) => JobRate.TryParse(text, out var rate) ? rate : throw new ArgumentException(text);

    private static JobLimitRule Rate(string rate) => new(Name, JobLimits.MaxRunning, Of(rate));

    private void Declare(params JobLimitRule[] rules) => Storage.DeclareLimits(Queue, rules);

    // As if the clock had been set to the other direction.
    private void Shift(TimeSpan time)
    {
        var micros = (long)time.TotalMicroseconds;
        Rows.Execute(
            $"UPDATE {{s}}limit_start SET begun_at = begun_at + {micros}, ends_at = ends_at + {micros}, expire_at = expire_at + {micros}");
    }

    // A job without limits that comes last is claimed, and nothing beside it.
    private async Task AssertNothingBeginsAsync()
    {
        var marker = Create();
        var job = Assert.Single(await BeginAsync(10));
        Assert.Equal(marker, job.JobId);
        End(job);
    }

    private List<long> ClaimedAt() =>
        Rows.Query("SELECT claimed_at FROM {s}queue WHERE claimed_by IS NOT NULL", static row => row.GetInt64(0));

    private static void AssertRate(IReadOnlyList<long> begun, int starts, TimeSpan window)
    {
        long[] inOrder = [.. begun.Order()];
        Assert.All(
            inOrder.Skip(starts).Zip(inOrder),
            pair => Assert.True(pair.First - pair.Second >= window.TotalMicroseconds, $"{starts + 1} in {pair.First - pair.Second} µs"));
    }

    private static long Micros(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
