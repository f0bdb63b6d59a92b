using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Hostile;

namespace Asdamir.Data.Tests.Scheduling.Continuations;

public sealed class ParentOutcomeOnSqlite() : ParentOutcomeTests(StorageKind.Sqlite)
{
    [Fact, Slow]
    public async Task Parent_Succeeds_WhenAJobThatWaitsForItWasNeverCompletedAndIsFromTheFuture()
    {
        await using var host = await StartAsync();
        await using var tables = new StoredTables(StorageKind.Sqlite, ConnectionString, Schema);
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        await tables.ExecuteAsync($"UPDATE {tables.Name("job")} SET state = NULL, created_at = created_at * 30 WHERE id = {child}");
        host.Probe.Open("parent 1");

        await host.WaitForAsync(parent, JobState.Succeeded);

        Assert.Equal(["parent"], host.Probe.Notes);
    }
}

[NeedsPostgreSql]
public sealed class ParentOutcomeOnPostgreSql() : ParentOutcomeTests(StorageKind.PostgreSql);

/// <summary>A continuation starts after the success of its parent is committed, and with it.</summary>
public abstract class ParentOutcomeTests(StorageKind kind) : ContinuationTests(kind)
{
    // The claim of the job ends after its success was decided and before that is committed.
    [Fact]
    public async Task Child_StillWaits_WhenTheSuccessOfItsParentIsRefused_AndTheParentIsExecutedAgain()
    {
        var (parent, child) = await EnqueueAsync();
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        Once(() =>
            tables.ExecuteAsync($"UPDATE {tables.Name("queue")} SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL")
                .GetAwaiter().GetResult());
        await using var host = await StartAsync();
        host.Probe.Open("parent 1");

        await host.Probe.NotedAsync("parent", times: 2);
        Assert.Equal(JobState.Awaiting, host.Jobs.Find(child)!.State);
        host.Probe.Open("parent 2");

        await host.WaitForAsync(child, JobState.Succeeded);
        Assert.Equal(["parent", "parent", "child"], host.Probe.Notes);
        Assert.Equal(["Awaiting", "Enqueued", "Processing", "Succeeded"], HistoryOf(host, child));
    }

    [Fact]
    public async Task Child_StillWaits_WhenItsParentFailsAfterARefusedSuccess()
    {
        var (parent, child) = await EnqueueAsync();
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        Once(() =>
            tables.ExecuteAsync($"UPDATE {tables.Name("queue")} SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL")
                .GetAwaiter().GetResult());
        await using var host = await StartAsync();
        host.Probe.Open("parent 1");
        await host.Probe.NotedAsync("parent", times: 2);
        host.Probe.Open("fail");
        host.Probe.Open("parent 2");

        await host.WaitForAsync(parent, JobState.Failed);

        Assert.Equal(JobState.Awaiting, host.Jobs.Find(child)!.State);
        Assert.Equal(["Awaiting"], HistoryOf(host, child));
    }
}
