using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Hostile;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Scheduling.Continuations;

public sealed class NextStateOnSqlite() : NextStateTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class NextStateOnPostgreSql() : NextStateTests(StorageKind.PostgreSql);

/// <summary>The state that a continuation enters when its parent ends.</summary>
public abstract class NextStateTests(StorageKind kind) : ContinuationTests(kind)
{
    [Theory]
    [InlineData(JobContinuationOptions.OnlyOnSucceededState, "Scheduled")]
    [InlineData(JobContinuationOptions.OnAnyFinishedState, "Scheduled")]
    [InlineData(JobContinuationOptions.OnlyOnDeletedState, "Deleted")]
    public async Task Child_EntersTheStateItWasGiven_WhenItWaitsAsHangfireWritesIt(JobContinuationOptions options, string state)
    {
        await using var host = await StartAsync();
        var at = new DateTime(2040, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = Wait(host, parent, new AwaitingState(parent, new ScheduledState(at) { Reason = "later" }, options));
        host.Probe.Open("parent 1");
        await host.WaitForAsync(parent, JobState.Succeeded);

        var entered = host.StateOf(child);

        Assert.Equal(state, entered.Name);
        if (state == "Scheduled")
            Assert.Equal(("later", at), (entered.Reason, JobHelper.DeserializeDateTime(entered.Data["EnqueueAt"])));
    }

    [Theory]
    [InlineData("""{"$type":"System.IO.FileSystemWatcher, System.IO.FileSystem.Watcher","Path":"/"}""")]
    [InlineData("""{"$type":"Hangfire.States.SucceededState, Hangfire.Core"}""")]
    [InlineData("""{"$type":7}""")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    public async Task Child_FailsWithAReason_WhenWhatIsStoredNamesNoStateForAJobThatHasNotBegun(string stored)
    {
        await using var host = await StartAsync();
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        var parent = host.Jobs.Enqueue<ParentJob>();
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        var data = SerializationHelper.Serialize(
            new Dictionary<string, string> { ["ParentId"] = parent, ["NextState"] = stored, ["Options"] = "1" });
        await tables.ExecuteAsync($"UPDATE {tables.Name("job")} SET state_data = @data WHERE id = {child}", ("@data", data));
        host.Probe.Open("parent 1");

        await host.WaitForAsync(parent, JobState.Succeeded);

        Assert.Equal(
            ("Failed", "The state that the job was to enter next cannot be read"), (host.StateOf(child).Name, host.StateOf(child).Reason));
    }

    [Fact]
    public async Task Child_IsLeftAlone_WhenItNoLongerWaitsForTheJobThatEnds()
    {
        await using var host = await StartAsync();
        var parent = host.Jobs.Enqueue<ParentJob>();
        var other = host.Jobs.Schedule<ChildJob>(TimeSpan.FromHours(1));
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        var deleted = host.Jobs.ContinueWith<ChildJob>(parent);
        Assert.True(host.Services.GetRequiredService<IBackgroundJobClientV2>().ChangeState(child, new AwaitingState(other), null));
        Assert.True(host.Jobs.Delete(deleted).IsDone);
        host.Probe.Open("parent 1");

        await host.WaitForAsync(parent, JobState.Succeeded);

        Assert.Equal((JobState.Awaiting, JobState.Deleted), (host.Jobs.Find(child)!.State, host.Jobs.Find(deleted)!.State));
        Assert.Equal(["Awaiting", "Awaiting"], HistoryOf(host, child));
        Assert.True(host.Jobs.Delete(other).IsDone);
        await host.WaitForAsync(child, JobState.Succeeded);
    }
}
