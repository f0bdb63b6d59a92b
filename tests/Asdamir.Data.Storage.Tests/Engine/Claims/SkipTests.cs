using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class SkipsOnPostgreSql() : SkipTests(static place => OnPostgreSql(place));

public sealed class SkipsOnSqlite() : SkipTests(static place => OnSqlite(place));

/// <summary>Jobs that are deleted when their limit has no room.</summary>
public abstract class SkipTests(Func<Place, SqlJobStorage> open) : LimitedQueueTests(open)
{
    private static readonly JobLimitRule One = new("one", 1, Skips: true);

    [Fact]
    public async Task Claim_SkipsWhatHasNoRoom_InTheOrderOfTheQueue()
    {
        Declare(One);
        var ids = CreateAll(3, "one");
        var marker = Create();

        var claimed = await BeginAllAsync(4);

        Assert.Equal(
            [(ids[0], null), (ids[1], "one"), (ids[2], "one"), (marker, (string?)null)],
            claimed.OrderBy(static job => long.Parse(job.JobId, System.Globalization.CultureInfo.InvariantCulture))
                .Select(static job => (job.JobId, job.SkippedBy)));
        Assert.Equal(1, Assert.Single(Storage.Limits()).Running);
        Assert.True(Assert.Single(Storage.Limits()).Skips);
    }

    [Fact]
    public async Task JobThatIsSkipped_TakesNoRoom()
    {
        Declare(new JobLimitRule("one", 1, Skips: true), new JobLimitRule("two", 2));
        var first = Create(Limit("one"), Limit("two"));
        var running = Assert.Single(await BeginAllAsync(1));
        var skipped = Create(Limit("one"), Limit("two"));
        var claim = Assert.Single(await BeginAllAsync(1));
        Assert.Equal((skipped, "one"), (claim.JobId, claim.SkippedBy));

        // While the claim that skips it is open.
        var second = Create(Limit("two"));
        Assert.Equal((second, null), Shown(Assert.Single(await BeginAllAsync(1))));
        Assert.Equal(first, running.JobId);
        End(running);
        var next = Create(Limit("one"));
        Assert.Equal((next, null), Shown(Assert.Single(await BeginAllAsync(1))));
    }

    [Fact]
    public async Task JobThatIsSkipped_IsConsideredAgain_WhenItsProcessDies()
    {
        Declare(One);
        var ids = CreateAll(2, "one");
        var claimed = await BeginAllAsync(2);
        Assert.Equal([null, "one"], claimed.OrderBy(job => Array.IndexOf(ids, job.JobId)).Select(static job => job.SkippedBy));

        End(claimed.Single(static job => job.SkippedBy is null));
        Rows.Execute("DELETE FROM {s}lease");

        using var other = OpenAnother();
        using var claims = other.OpenClaims([Queue], "server-2");
        Assert.Equal((ids[1], null), Shown(Remember(Assert.Single(await claims.ClaimAsync(10, Token)))));
        Assert.Equal(1, other.Limits()[0].Running);
    }

    [Fact]
    public async Task Keys_AreSkippedSeparately_AndOtherLimitsWait()
    {
        Declare(One, new JobLimitRule("waits", 1));
        var (a, b) = (Create(Limit("one", "a")), Create(Limit("one", "b")));
        Assert.Equal([a, b], (await BeginAllAsync(2)).Select(static job => job.JobId));
        var full = Create(Limit("waits"));
        Assert.Equal((full, null), Shown(Assert.Single(await BeginAllAsync(1))));

        var waits = Create(Limit("waits"));
        var waitsAsWell = Create(Limit("waits"), Limit("one", "c"));
        var skipped = Create(Limit("one", "b"), Limit("waits"));

        var claimed = Assert.Single(await BeginAllAsync(1));
        Assert.Equal((skipped, "one"), Shown(claimed));
        End(claimed);
        var marker = Create();
        Assert.Equal((marker, null), Shown(Assert.Single(await BeginAllAsync(1))));
        EndAll(full);
        Assert.Equal((waits, null), Shown(Assert.Single(await BeginAllAsync(1))));
        EndAll(waits);
        Assert.Equal((waitsAsWell, null), Shown(Assert.Single(await BeginAllAsync(1))));
    }

    [Fact]
    public async Task Rate_Skips_AndCountsNoStartForIt()
    {
        Declare(new JobLimitRule("rate", 9, new JobRate(1, TimeSpan.FromDays(1)), Skips: true));
        var ids = CreateAll(3, "rate");

        var claimed = await BeginAllAsync(3);

        Assert.Equal([null, "rate", "rate"], claimed.OrderBy(job => Array.IndexOf(ids, job.JobId)).Select(static job => job.SkippedBy));
        Assert.Equal(1, Rows.Value<long>("SELECT CAST(sum(number) AS bigint) FROM {s}limit_start"));
    }

    [Fact]
    public void WorkerOfHangfire_DeletesTheJob_WithTheReason()
    {
        Declare(One);
        var ids = CreateAll(2, "one");
        var marker = Create();
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var other = (JobStorageConnection)Storage.GetConnection();
        using var first = Fetch(connection);
        Assert.Equal(ids[0], first.JobId);

        using var second = Fetch(other);

        Assert.Equal(marker, second.JobId);
        var state = other.GetStateData(ids[1]);
        Assert.Equal((DeletedState.StateName, JobLimits.SkipReason("one")), (state.Name, state.Reason));
        Assert.Equal(0, Rows.Count($"{{s}}queue WHERE job_id = {ids[1]}"));
    }

    [Fact]
    public async Task RacingProcesses_ExecuteOrSkipEachJobOnce_AndNeverTooMany()
    {
        const int Jobs = 60;
        Declare(new JobLimitRule("one", 2, Skips: true));
        CreateAll(Jobs, "one");
        var (running, most) = (0, 0);
        List<string> seen = [];
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
                    claimed = await claims.ClaimAsync(2, ended.Token);
                }
                catch (OperationCanceledException)
                {
                    break;
                }
                var executed = claimed.Count(static job => job.SkippedBy is null);
                lock (seen)
                    most = Math.Max(most, running += executed);
                await Task.Yield();
                foreach (var job in claimed)
                {
                    lock (seen)
                        running -= job.SkippedBy is null ? 1 : 0;
                    End(job);
                    lock (seen)
                    {
                        seen.Add(job.JobId);
                        if (seen.Count == Jobs)
                            ended.Cancel();
                    }
                }
            }
        }, Token)));

        Assert.Equal(Jobs, seen.Distinct().Count());
        Assert.InRange(most, 1, 2);
    }

    private static (string JobId, string? SkippedBy) Shown(IClaimedJob job) => (job.JobId, job.SkippedBy);

    private void Declare(params JobLimitRule[] rules) => Storage.DeclareLimits(Queue, rules);

    // A claim may take some of them before it considers the others.
    private async Task<List<IClaimedJob>> BeginAllAsync(int count)
    {
        List<IClaimedJob> claimed = [];
        while (claimed.Count < count)
            claimed.AddRange(await BeginAsync(count - claimed.Count));
        return claimed;
    }
}
