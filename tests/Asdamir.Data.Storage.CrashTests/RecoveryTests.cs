using System.Diagnostics;
using Apps.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>What becomes of the jobs of a process that dies, drains or stands still.</summary>
public sealed class RecoveryTests(RecoveryServer server, Files files, ITestOutputHelper output) : IClassFixture<RecoveryServer>
{
    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task Job_OfAKilledProcess_BeginsAgain_LongBeforeItsLeaseExpires(Kind kind)
    {
        await using var site = new Site(NewPlace(kind), leaseSeconds: 600);
        var victim = await site.StartWorkerAsync(threads: 2);
        // However long the second process takes to start, it is still executing.
        Enqueue(site, milliseconds: 3_600_000);
        await Until.TrueAsync(() => site.Begun.Count == 1, "it runs");
        await site.StartWorkerAsync(threads: 2);
        await Until.TrueAsync(
            () => site.Place.Count("{s}lease WHERE liveness_key IS NOT NULL AND timeout = 600000000") == 2,
            "both show that they are alive");
        var killed = Stopwatch.StartNew();
        await victim.KillAsync();

        await Until.TrueAsync(() => site.Begun.Count == 2, "another process begins it again", () => site.Logs);
        output.WriteLine($"{kind}: it begins again {killed.Elapsed.TotalSeconds:0.0} s after the process was killed");
    }

    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task Job_BeginsAgain_WhenItsProcessDiesBeforeItsStartIsWritten(Kind kind)
    {
        const int Short = 20;
        await using var site = new Site(NewPlace(kind));
        var victim = await site.StartWorkerAsync(threads: 1, "deadly=1");
        for (var i = 0; i < Short; i++)
            Enqueue(site, milliseconds: 0);
        await UntilSucceededAsync(site, Short);
        Enqueue(site, milliseconds: Work.Deadly);
        await victim.EndAsync();
        output.WriteLine(
            $"{kind}: when its process was dead, the job was {site.Place.States().Keys.Single(static state => state != "Succeeded")}");

        await site.StartWorkerAsync(threads: 1);

        await UntilSucceededAsync(site, Short + 1);
        Assert.Equal(Short + 2, site.Begun.Count);
        Assert.Equal(Short + 1, site.Ended.Count);
        Assert.Equal(site.Begun[^1].Ledger, site.Ended[^1].Ledger);
    }

    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task Job_ThatTakesLongerThanALease_IsExecutedOnce_WhileItsServerDrains(Kind kind)
    {
        await using var site = new Site(NewPlace(kind));
        var worker = await site.StartWorkerAsync(threads: 2, "shutdown=90");
        // Longer than a lease, twice: another process would have ended a stale one by then.
        Enqueue(site, milliseconds: 2_000 * Site.LongLease);
        await Until.TrueAsync(() => site.Begun.Count == 1, "it runs");
        await site.StartWorkerAsync(threads: 2);
        var first = ExpiryOfOldestLease(site);
        await Until.TrueAsync(() => ExpiryOfOldestLease(site) > first, "the lease is renewed");
        await worker.StopAsync();

        Assert.Equal(0, worker.ExitCode);
        await UntilSucceededAsync(site, 1);
        Assert.Single(site.Begun);
        Assert.Single(site.Ended);
    }

    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task ProcessThatWasSuspended_DoesNotCommitForJobsOfOthers_AndContinues(Kind kind)
    {
        await using var site = new Site(NewPlace(kind));
        var frozen = await site.StartWorkerAsync(threads: 3);
        for (var i = 0; i < 3; i++)
            Enqueue(site, Work.UntilReleased);
        await Until.TrueAsync(() => site.Begun.Count == 3, "they run", () => site.Logs);
        await SuspendAsync(site, frozen);
        var other = await site.StartWorkerAsync(threads: 3);
        await Until.TrueAsync(() => site.Begun.Count == 6, "another process begins them again", () => site.Logs);
        frozen.Signal("CONT");
        frozen.Release();
        await Until.TrueAsync(() => site.Ended.Count == 3, "the frozen process ends its executions", () => site.Logs);
        Assert.All(site.Ended, execution => Assert.Equal(frozen.Ledger, execution.Ledger));

        // A worker that begins the next job has finished with the one it lost; those of the other process are all busy.
        frozen.Hold();
        for (var i = 0; i < 3; i++)
            Enqueue(site, Work.UntilReleased);
        await Until.TrueAsync(() => site.Begun.Count == 9, "the frozen process continues with other jobs", () => site.Logs);
        Assert.Equal(0, site.Place.Count($"{PlaceExtensions.History} WHERE name = 'Succeeded'"));

        other.Release();
        frozen.Release();
        await UntilSucceededAsync(site, 6);
        Assert.Equal(9, site.Begun.Count);
        Assert.Equal(6, site.Place.Count($"{PlaceExtensions.History} WHERE name = 'Succeeded'"));
        Assert.False(frozen.HasExited);
    }

    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task Job_OfAKilledProcess_BeginsAgain_WhenTheClockWasSetBack(Kind kind)
    {
        await using var site = new Site(NewPlace(kind));
        var victim = await site.StartWorkerAsync(threads: 1);
        // However long the second process takes to start, it is still executing.
        Enqueue(site, milliseconds: 3_600_000);
        await Until.TrueAsync(() => site.Begun.Count == 1, "it runs");
        await site.StartWorkerAsync(threads: 1);
        await Until.TrueAsync(() => site.Place.Count("{s}lease") == 2, "both processes have a lease");
        await victim.KillAsync();

        site.Place.Execute("UPDATE {s}lease SET expires_at = expires_at + 3600000000");

        // An observer that gets no processor renews its own lease late, and judges no other one until it is in time again.
        await Until.TrueAsync(() => site.Begun.Count == 2, "another process begins it again", () => site.Logs);
    }

    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task Jobs_StayWithTheirProcesses_WhenAllWereSuspendedTogether(Kind kind)
    {
        await using var site = new Site(NewPlace(kind));
        StorageProcess[] processes = [await site.StartWorkerAsync(threads: 1), await site.StartWorkerAsync(threads: 1)];
        // However late the second process looks for work, the first one is still busy.
        for (var i = 0; i < processes.Length; i++)
            Enqueue(site, Work.UntilReleased);
        await Until.TrueAsync(
            () => site.Begun.DistinctBy(static execution => execution.Ledger).Count() == processes.Length,
            "each runs one", () => site.Logs);

        // As a virtual machine that is suspended.
        foreach (var process in processes)
            process.Signal("STOP");
        await Until.EqualAsync(0L, ValidLeases, "the number of leases that were renewed in time");
        foreach (var process in processes)
            process.Signal("CONT");
        await Until.EqualAsync<long>(processes.Length, ValidLeases, "the number of leases that were renewed");

        foreach (var process in processes)
            process.Release();
        await UntilSucceededAsync(site, processes.Length);
        Assert.Equal(processes.Length, site.Begun.Count);

        long ValidLeases() => site.Place.Count($"{{s}}lease WHERE expires_at > {Micros(DateTime.UtcNow)}");
    }

    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task Job_OfAKilledProcess_KeepsItsPriorityItsKeyAndItsPlace(Kind kind)
    {
        await using var site = new Site(NewPlace(kind));
        using var storage = site.Place.Open();
        var jobs = new BackgroundJobClient(storage);
        var first = Create(priority: 1, "a");
        var victim = await site.StartWorkerAsync(threads: 1);
        await Until.TrueAsync(() => site.Begun.Count == 1, "it runs", () => site.Logs);
        var place = PlaceOf(first);
        Create(priority: 5, "b");
        Create(priority: 1, "a");
        await victim.KillAsync();
        await Until.TrueAsync(() => site.Place.Count("{s}queue WHERE claimed_by IS NULL") == 3, "it is released", () => site.Logs);
        Assert.Equal(place, PlaceOf(first));

        await site.StartWorkerAsync(threads: 1);

        await Until.TrueAsync(() => site.Begun.Count == 2, "another process begins a job", () => site.Logs);
        Assert.Equal(site.Begun[0].Id, site.Begun[1].Id);

        string Create(int priority, string key) => jobs.Create(
            Job.FromExpression(() => Work.Run(Work.UntilReleased, 0, null!)), new EnqueuedState(),
            new Dictionary<string, object>
            {
                [JobPriority.Parameter] = JobPriority.Of(priority, TimeSpan.FromMinutes(5)),
                [JobFairness.Parameter] = JobFairness.Of(key),
            });

        (string Turn, long Fairness) PlaceOf(string id) =>
            site.Place.Query($"SELECT CAST(turn AS text), fairness FROM {{s}}queue WHERE job_id = {id}").Single();
    }

    private static async Task SuspendAsync(Site site, StorageProcess process)
    {
        process.Signal("STOP");
        for (var attempt = 1; !site.Place.IsWritable && attempt <= 20; attempt++)
        {
            process.Signal("CONT");
            await Task.Delay(100, TestContext.Current.CancellationToken);
            process.Signal("STOP");
        }
    }

    [Theory]
    [InlineData(Kind.PostgreSql)]
    [InlineData(Kind.Sqlite)]
    internal async Task Job_OfAKilledProcess_WaitsWhileItsQueueIsPaused_AlsoWhenTheProcessThatPausedItIsGone(Kind kind)
    {
        await using var site = new Site(NewPlace(kind));
        var victim = await site.StartWorkerAsync(threads: 1);
        Enqueue(site, milliseconds: 3_600_000);
        await Until.TrueAsync(() => site.Begun.Count == 1, "it runs", () => site.Logs);
        using (var storage = site.Place.Open())
            storage.Pause(JobPauseKind.Queue, "default", "test");
        await victim.KillAsync();

        await site.StartWorkerAsync(threads: 1);
        await Until.TrueAsync(
            () => site.Place.Count("{s}queue WHERE claimed_by IS NULL") == 1 && site.Place.Count("{s}lease") == 1,
            "it is back in its queue, and only the second process lives", () => site.Logs);
        // Each renewal sees that a job waits, and lets the workers claim.
        for (var renewal = 0; renewal < 2; renewal++)
        {
            var expiry = ExpiryOfOldestLease(site);
            await Until.TrueAsync(() => ExpiryOfOldestLease(site) > expiry, "the lease is renewed", () => site.Logs);
        }
        Assert.Equal((1, 1L), (site.Begun.Count, site.Place.Count("{s}queue WHERE claimed_by IS NULL")));

        using (var storage = site.Place.Open())
            Assert.True(storage.EndPause(JobPauseKind.Queue, "default"));
        await Until.TrueAsync(() => site.Begun.Count == 2, "it begins again", () => site.Logs);
    }

    private static void Enqueue(Site site, int milliseconds)
    {
        using var storage = site.Place.Open();
        new BackgroundJobClient(storage).Enqueue(() => Work.Run(milliseconds, 0, null!));
    }

    private static long ExpiryOfOldestLease(Site site) =>
        site.Place.Query("SELECT '', expires_at FROM {s}lease ORDER BY id LIMIT 1")[0].Number;

    private static Task UntilSucceededAsync(Site site, int count) =>
        Until.TrueAsync(
            () => site.Place.Count("{s}job WHERE state = 'Succeeded'") == count && site.Place.Count("{s}queue") == 0,
            $"{count} jobs have succeeded", () => $"{string.Join(", ", site.Place.States())}\n{site.Logs}");

    private static long Micros(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private IPlace NewPlace(Kind kind) => kind == Kind.Sqlite ? files.NewSqlite() : new PostgreSqlPlace(server);

    /// <summary>The databases.</summary>
    internal enum Kind
    {
        PostgreSql,
        Sqlite,
    }
}

/// <summary>The server of a test class.</summary>
public sealed class RecoveryServer : PostgresServer, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await StartAsync();
}
