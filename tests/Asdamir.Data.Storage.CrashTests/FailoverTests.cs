using System.Diagnostics;
using Asdamir.Data.Storage.CrashTests.Faults;
using Hangfire;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>
/// Two servers in synchronous replication, of which the primary is killed and the standby promoted, while processes whose connection
/// string names both enqueue and execute jobs. With ASDAMIR_CRASH_KILLS=200 in the environment that happens 20 times.
/// </summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const int Workers = 2;
    private const int Enqueuers = 2;
    private const int ThreadsPerWorker = 6;
    private const int JobsBefore = 100;

    [Fact]
    public async Task Failover_LosesNoJob_AndAllProcessesContinue()
    {
        await using var servers = await StartAsync();
        await using var site = new Site(new PostgreSqlPlace(servers));
        var workers = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => site.StartWorkerAsync(ThreadsPerWorker)));
        var enqueuers = await Task.WhenAll(Enumerable.Range(0, Enqueuers).Select(_ => site.StartEnqueuerAsync(threads: 3, pause: 60)));
        var failovers = Math.Max(CrashRun.Kills(usual: 20) / 10, 1);
        for (var i = 1; i <= failovers; i++)
        {
            var ended = site.Ended.Count;
            await Until.TrueAsync(() => site.Ended.Count >= ended + JobsBefore, "jobs are enqueued and executed", () => site.Logs);
            await servers.FailOverAsync();
            var promoted = DateTime.UtcNow;
            var clock = Stopwatch.StartNew();
            var before = enqueuers.Select(site.EnqueuedBy).ToList();
            await Until.TrueAsync(
                () => enqueuers.Select(site.EnqueuedBy).Zip(before).All(static calls => calls.First > calls.Second)
                    && workers.All(worker => site.Begun.Exists(execution => execution.Ledger == worker.Ledger && execution.At > promoted)),
                "every process continues", () => site.Logs);
            output.WriteLine($"failover {i}: all processes continued {clock.Elapsed.TotalSeconds:F1} s after the promotion");
            if (i < failovers)
                await servers.AddStandbyAsync();
        }
        Assert.All(enqueuers, static process => Assert.False(process.HasExited, process.Log));
        await Task.WhenAll(enqueuers.Select(static process => process.StopAsync()));

        var account = new Account(site);
        await account.UntilDrainedAsync();
        Assert.All(workers, static process => Assert.False(process.HasExited, process.Log));
        await Task.WhenAll(workers.Select(static process => process.StopAsync()));
        Assert.All([.. workers, .. enqueuers], static process => Assert.Equal(0, process.ExitCode));
        account.CheckJobs();
        account.CheckLeftovers(hasCommitConnections: true);
        output.WriteLine(
            $"{site.Enqueued.Count} enqueued, {site.Begun.Count} executions; enqueue calls that failed: "
                + string.Join(", ", site.Refused.Select(static refused => $"{refused.Value} {refused.Key}")));
        // A call whose answer was lost says that its outcome is unknown; no call fails in another way.
        Assert.Empty(site.Refused.Keys.Except(["refused", "unknown"]));
        var begunAgain = site.Begun.GroupBy(static execution => (execution.Id, execution.Attempt))
            .Sum(static attempt => attempt.Count() - 1);
        Assert.InRange(begunAgain, 0, failovers * Workers * ThreadsPerWorker);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Process_ThatStartsWhileOnlyAStandbyAnswers_WorksAfterItsPromotion(bool namesBoth)
    {
        await using var servers = await StartAsync();
        var both = new PostgreSqlPlace(servers);
        using (var storage = both.Open())
            Enqueue(storage);
        var place = namesBoth ? both : new PostgreSqlPlace(servers.Standby) { Schema = both.Schema };
        await servers.KillPrimaryAsync();
        await using var site = new Site(place);
        await site.StartWorkerAsync(threads: 1);
        using var late = place.Open();
        Assert.Contains(
            namesBoth ? "that one of the hosts is the primary" : "read-only", Refusals.Of(() => Enqueue(late)), StringComparison.Ordinal);

        await servers.PromoteStandbyAsync();

        var id = Enqueue(late);
        await Until.TrueAsync(() => site.Ended.Count == 2, "the job of before and that of after it are executed", () => site.Logs);
        Assert.Contains(site.Ended, execution => execution.Id == id);
    }

    [Fact]
    public async Task Call_DoesNotReturn_WhenNoStandbyConfirmsItsCommit()
    {
        await using var servers = await StartAsync();
        using var impatient = new PostgreSqlJobStorage($"{servers.ConnectionString};Command Timeout=2");
        Enqueue(impatient);
        await servers.Standby.StopImmediatelyAsync();

        var refusal = Assert.IsType<JobStorageUnavailableException>(Refusals.Record(() => Enqueue(impatient)));

        Assert.True(refusal.MayBeCommitted, refusal.Message);
        Assert.Contains("no standby has confirmed", refusal.Message, StringComparison.Ordinal);
        await servers.Standby.StartAgainAsync();
        await Until.TrueAsync(() => Succeeds(() => Enqueue(impatient)), "calls return when there is a standby again");
    }

    private static string Enqueue(JobStorage storage) =>
        new BackgroundJobClient(storage) { RetryAttempts = 0 }.Enqueue(() => Apps.Storage.Work.Run(0, 0, null!));

    // What it lacks is lost; that everything continues must not depend on it.
    [Fact]
    public async Task FailoverToAStandbyThatIsBehind_LosesOnlyWhatItLacks_AndAllProcessesContinue()
    {
        await using var servers = await StartAsync();
        await using var site = new Site(new PostgreSqlPlace(servers));
        var worker = await site.StartWorkerAsync(threads: 2);
        var enqueuer = await site.StartEnqueuerAsync(threads: 2, pause: 20);
        await Until.TrueAsync(() => site.Ended.Count >= JobsBefore, "jobs are executed that the standby has", () => site.Logs);
        var safe = site.Enqueued.Count;
        await servers.MakeAsynchronousAsync();
        await servers.Standby.StopImmediatelyAsync();
        await Until.TrueAsync(() => site.Enqueued.Count >= safe + JobsBefore, "jobs are enqueued that the standby lacks", () => site.Logs);
        await servers.KillPrimaryAsync();
        await servers.Standby.StartAgainAsync();
        await servers.PromoteStandbyAsync();

        var promoted = DateTime.UtcNow;
        var before = site.EnqueuedBy(enqueuer);
        await Until.TrueAsync(
            () => site.EnqueuedBy(enqueuer) > before + JobsBefore
                && site.Begun.Exists(execution => execution.Ledger == worker.Ledger && execution.At > promoted),
            "every process continues", () => site.Logs);
        await enqueuer.StopAsync();
        await new Account(site).UntilDrainedAsync();
        using var storage = site.Place.Open();
        using var connection = storage.GetConnection();
        Assert.All(site.Enqueued.Take(safe), id => Assert.Equal("Succeeded", connection.GetStateData(id)?.Name));
        await worker.StopAsync();
        Assert.Equal([0, 0], [enqueuer.ExitCode, worker.ExitCode]);
        output.WriteLine(string.Join(", ", site.Refused.Select(static refused => $"{refused.Value} {refused.Key}")));
    }

    private static bool Succeeds(Func<string> enqueue)
    {
        try
        {
            return enqueue().Length > 0;
        }
        catch (BackgroundJobClientException)
        {
            return false;
        }
    }

    private static async Task<ReplicatedPostgres> StartAsync()
    {
        var servers = new ReplicatedPostgres();
        await servers.StartAsync();
        await servers.AddStandbyAsync();
        return servers;
    }
}
