namespace Asdamir.Data.Storage.Tests.Engine.Clock;

/// <summary>A process that ends after a commit, and before it has told of it.</summary>
[NeedsPostgreSql]
public sealed class LostClockNotificationTests() : ClockTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task WaitUntilDue_FindsAJobWithoutANotification_WhenItReads()
    {
        Storage.ClockPace = Often;
        using var limit = Limit();
        var waiting = WaitAsync(Storage, limit.Token);
        await KeeperAsync();

        Rows.Execute("INSERT INTO {s}set_item (key, value, score) VALUES ('schedule', 'crm:17', 1)");

        await waiting;
        Storage.EnqueueDelayedJobs();
        Assert.Equal(["crm:17"], Queued());
    }
}
