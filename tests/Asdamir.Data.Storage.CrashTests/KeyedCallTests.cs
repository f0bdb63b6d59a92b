using Apps.Storage;
using Asdamir.Data.Storage.CrashTests.Faults;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>A call with an idempotency key is repeated because its process was killed: there is one job.</summary>
public sealed class KeyedCallTests(FaultServer server, Files files) : IClassFixture<FaultServer>
{
    private const int CallsBeforeAKill = 20;

    [Fact]
    public Task RepeatedCalls_StoreOneJobOfEachKey_WhicheverProcessIsKilled_OnPostgreSql() =>
        KillAsync(new PostgreSqlPlace(server));

    [Fact]
    public Task RepeatedCalls_StoreOneJobOfEachKey_WhicheverProcessIsKilled_OnSqlite() => KillAsync(files.NewSqlite());

    [Fact]
    public async Task RepeatedCall_StoresNothing_WhenTheFirstProcessDiedBetweenCommitAndAnswer()
    {
        using var proxy = new FaultProxy(server.ConnectionString);
        proxy.Decide = static sql =>
            sql.Contains("SET commits = commits + 1", StringComparison.Ordinal) && sql.Contains("job_key", StringComparison.Ordinal)
                ? Fault.HangAnswer
                : Fault.None;
        var place = new PostgreSqlPlace(server, proxy.ConnectionString);
        await using var process = await StartAsync(place, files.NewPath(), count: 1);
        await Until.TrueAsync(() => proxy.Faults > 0 && place.Count("{s}job_key") == 1, "the job is stored", () => process.Log);
        await process.KillAsync();
        proxy.Decide = static _ => Fault.None;

        using var storage = place.Open();
        var repeated = new BackgroundJobClient(storage)
            .Create(Job.FromExpression(() => Work.Run(0, 0, null!)), new EnqueuedState(), KeyedEnqueuer.Parameters(0));

        Assert.Equal((1, 1), (place.Count("{s}job"), place.Count("{s}queue")));
        Assert.Equal(0, place.Count($"{{s}}job WHERE id = {repeated}"));
    }

    private async Task KillAsync(IPlace place)
    {
        await KilledCallers.RunAsync(files, ledger => StartAsync(place, ledger), CallsBeforeAKill);

        var keys = place.Count("{s}job_key");
        Assert.True(keys >= CallsBeforeAKill);
        Assert.Equal(keys, place.Count("{s}job"));
        Assert.Equal(keys, place.Count("(SELECT DISTINCT parameters FROM {s}job) AS keyed"));
        Assert.Equal(keys, place.Count("{s}queue"));
        Assert.Equal(keys, place.Count("{s}job_key AS k JOIN {s}job AS j ON j.id = k.job_id"));
    }

    private static Task<StorageProcess> StartAsync(IPlace place, string ledger, int count = int.MaxValue) =>
        StorageProcess.StartAsync(ledger, ["mode=keyed", $"count={count}", .. place.Arguments]);
}
