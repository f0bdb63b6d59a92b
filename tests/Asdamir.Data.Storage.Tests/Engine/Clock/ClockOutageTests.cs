namespace Asdamir.Data.Storage.Tests.Engine.Clock;

/// <summary>A database that cannot be reached for a while.</summary>
[NeedsPostgreSql]
public sealed class ClockOutageTests() : ClockTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task WaitUntilDue_WaitsThroughAnOutage_AndFindsWhatIsDueThen()
    {
        using var limit = Limit();
        using var proxy = new FaultProxy(Place.PostgreSql);
        using var behind = new PostgreSqlJobStorage(proxy.ConnectionString, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
        behind.ClockPace = Often;
        var waiting = WaitAsync(behind, limit.Token);
        await KeeperAsync();

        proxy.IsDown = true;
        proxy.Cut();
        var id = Schedule(Storage, TimeSpan.Zero);
        await Until.TrueAsync(() => Rows.Count("{s}set_item") == 1, "the job waits");
        Assert.False(waiting.IsCompleted);
        proxy.IsDown = false;

        await waiting;
        Assert.Equal(1, behind.EnqueueDelayedJobs());
        Assert.Equal([$"{Queue}:{id}"], Queued());
    }
}
