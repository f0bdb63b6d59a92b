using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Hostile;

namespace Asdamir.Data.Tests.Execution;

public sealed class RequeuedWhileWaitingOnSqlite() : RequeuedWhileWaitingTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class RequeuedWhileWaitingOnPostgreSql() : RequeuedWhileWaitingTests(StorageKind.PostgreSql);

/// <summary>
/// A job that is deleted while it waits, and requeued, has two rows in its queue, as a deletion leaves its row to the next claim.
/// </summary>
public abstract class RequeuedWhileWaitingTests(StorageKind kind) : ScriptedJobTests(kind)
{
    [Fact]
    public async Task Job_IsExecutedOnce_WhenItWasDeletedAndRequeuedWhileItWaited()
    {
        const int workers = 4;
        var probe = new Probe();
        await using var host = await StartAsync(
            async (ctx, ct) =>
            {
                probe.Note($"{ctx.JobId} begun");
                await probe.GateAsync($"{ctx.JobId} end", ct);
            },
            static options => options.WorkerCount = workers);
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        string[] before = [.. Enumerable.Range(0, workers).Select(_ => host.Jobs.Enqueue<ScriptedJob>())];
        foreach (var other in before)
            await probe.NotedAsync($"{other} begun");
        var id = host.Jobs.Enqueue<ScriptedJob>();
        Assert.True(host.Jobs.Delete(id).IsDone);
        Assert.True(host.Jobs.Requeue(id).IsDone);
        Assert.Equal(2, await RowsAsync());

        foreach (var other in before)
        {
            probe.Open($"{other} end");
            await host.WaitForAsync(other, JobState.Succeeded);
        }
        await probe.NotedAsync($"{id} begun");
        await Until.TrueAsync(async () => await RowsAsync() == 1, "one row of the job is left");
        probe.Open($"{id} end");
        await host.WaitForAsync(id, JobState.Succeeded);

        Assert.Equal(1, probe.Count($"{id} begun"));
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued", "Deleted", "Enqueued"],
            host.Storage.GetMonitoringApi().JobDetails(id).History.Select(static state => state.StateName));

        async Task<long> RowsAsync()
        {
            var rows = await tables.QueryAsync($"SELECT count(*) FROM {tables.Name("queue")} WHERE job_id = {id}");
            return Convert.ToInt64(rows[0][0], CultureInfo.InvariantCulture);
        }
    }
}
