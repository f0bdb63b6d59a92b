using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Jobs = Asdamir.Data.Storage.Conformance.Work;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class PastScheduleOnPostgreSql() : PastScheduleTests(static place => OnPostgreSql(place));

public sealed class PastScheduleOnSqlite() : PastScheduleTests(static place => OnSqlite(place));

/// <summary>Jobs that another program has scheduled for a time before 1970, where Hangfire's scheduler does not look.</summary>
public abstract class PastScheduleTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Theory]
    [InlineData(null)]
    [InlineData("default")]
    public async Task Server_ExecutesAJob_ScheduledForATimeBefore1970(string? queue)
    {
        var tag = $"{Guid.NewGuid():N}";
        var id = Client.Create(Job.FromExpression(() => Jobs.Do(tag), queue), new ScheduledState(DateTime.MinValue));

        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 1, SchedulePollingInterval = TimeSpan.FromMilliseconds(200) }, Storage);
        await Until.TrueAsync(() => Jobs.AttemptsOf(tag) == 1, "it runs");
        await Until.TrueAsync(
            () => Storage.GetMonitoringApi().JobDetails(id).History[0].StateName == SucceededState.StateName, "it succeeds");

        Assert.Equal(0, Storage.GetMonitoringApi().ScheduledCount());
    }
}
