using Apps.Storage;
using Asdamir.Data.Storage.CrashTests.Faults;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Processes that replace each other's jobs are killed: no job is lost, executed twice or half replaced.</summary>
public sealed class ReplacedJobTests(FaultServer server, Files files) : IClassFixture<FaultServer>
{
    private const int CallsBeforeAKill = 15;

    [Fact]
    public Task EachJob_IsExecutedOnce_WhicheverProcessIsKilled_OnPostgreSql() => KillAsync(new PostgreSqlPlace(server));

    [Fact]
    public Task EachJob_IsExecutedOnce_WhicheverProcessIsKilled_OnSqlite() => KillAsync(files.NewSqlite());

    [Fact]
    public Task NoJob_IsLost_WhenWorkersAreKilledAsWell_OnPostgreSql() => KillAsync(new PostgreSqlPlace(server), killsWorkers: true);

    [Fact]
    public Task NoJob_IsLost_WhenWorkersAreKilledAsWell_OnSqlite() => KillAsync(files.NewSqlite(), killsWorkers: true);

    [Fact]
    public async Task Job_IsReplacedAsAWhole_WhenTheProcessDiedBetweenCommitAndAnswer()
    {
        using var proxy = new FaultProxy(server.ConnectionString);
        proxy.Decide = static sql =>
            sql.Contains("SET commits = commits + 1", StringComparison.Ordinal)
                && sql.Contains("SET arguments = c.arguments", StringComparison.Ordinal)
                ? Fault.HangAnswer
                : Fault.None;
        var place = new PostgreSqlPlace(server, proxy.ConnectionString);
        using var storage = place.Open();
        var job = new BackgroundJobClient(storage).Create(
            Job.FromExpression(() => Work.Run(0, 0, null!)), new ScheduledState(TimeSpan.FromDays(1)), ReplacingEnqueuer.Parameters(0));
        await using var process = await StartAsync(place, files.NewPath(), count: 1);
        await Until.TrueAsync(() => proxy.Faults > 0 && place.Count("{s}queue") == 1, "the job is replaced", () => process.Log);

        await process.KillAsync();
        proxy.Decide = static _ => Fault.None;

        using var connection = storage.GetConnection();
        var data = connection.GetJobData(job);
        Assert.Equal((ReplacingEnqueuer.Time, EnqueuedState.StateName), ((int)data.Job.Args[0], data.State));
        Assert.Equal((1, 1, 0), (place.Count("{s}job"), place.Count("{s}queue"), place.Count("{s}set_item")));
        Assert.Equal(1, place.Count($"{{s}}job_key WHERE job_id = {job}"));
    }

    private async Task KillAsync(IPlace place, bool killsWorkers = false)
    {
        await using var site = new Site(place);
        var worker = await site.StartWorkerAsync(threads: 2);
        await KilledCallers.RunAsync(
            files, ledger => StartAsync(place, ledger), CallsBeforeAKill, killsWorkers ? KillWorkerAsync : null);

        await Until.TrueAsync(
            () => place.Count("{s}job WHERE state <> 'Succeeded'") == 0, "all jobs have succeeded", () => site.Logs);
        Assert.Equal((0, 0, 0), (place.Count("{s}queue"), place.Count("{s}set_item"), place.Count("{s}job_key")));
        var jobs = place.Count("{s}job");
        if (!killsWorkers)
            Assert.Equal(jobs, site.Begun.Count);
        Assert.Equal(jobs, site.Begun.Select(static execution => execution.Id).Distinct().Count());
        Assert.True(place.Count("{s}state WHERE reason LIKE 'Replaced%'") > 0);

        async Task KillWorkerAsync()
        {
            await worker.KillAsync();
            worker = await site.StartWorkerAsync(threads: 2);
        }
    }

    private static Task<StorageProcess> StartAsync(IPlace place, string ledger, int count = int.MaxValue) =>
        StorageProcess.StartAsync(ledger, ["mode=replace", $"count={count}", .. place.Arguments]);
}
