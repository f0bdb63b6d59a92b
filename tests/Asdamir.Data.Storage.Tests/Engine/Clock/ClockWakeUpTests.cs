using Asdamir.Data.Storage.Tests.Storages;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Engine.Clock;

[NeedsPostgreSql]
public sealed class ClockWakeUpOnPostgreSql() : ClockWakeUpTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task WaitUntilDue_Ends_WhenACallerCommitsItsTransaction()
    {
        Storage.ClockPace = Never;
        using var limit = Limit();
        var waiting = WaitAsync(Storage, limit.Token);
        await KeeperAsync();
        using var other = (PostgreSqlJobStorage)OpenAnother();
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(limit.Token);
        await using var transaction = await connection.BeginTransactionAsync(limit.Token);

        var id = Schedule(other.InTransaction(transaction), TimeSpan.FromSeconds(1));
        await transaction.CommitAsync(limit.Token);

        await waiting;
        Storage.EnqueueDelayedJobs();
        Assert.Equal([$"{Queue}:{id}"], Queued());
    }
}

public sealed class ClockWakeUpOnSqlite() : ClockWakeUpTests(static place => OnSqlite(place));

/// <summary>What ends the wait for the next job that is due.</summary>
public abstract class ClockWakeUpTests(Func<Place, SqlJobStorage> open) : ClockTests(open)
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1.5)]
    [InlineData(true, 0)]
    [InlineData(true, 1.5)]
    public async Task WaitUntilDue_Ends_WhenAJobIsDueThatWasScheduledMeanwhile(bool byAnother, double seconds)
    {
        Storage.ClockPace = Never;
        using var other = OpenAnother();
        using var limit = Limit();
        var waiting = WaitAsync(Storage, limit.Token);
        await KeeperAsync();
        Schedule(Storage, TimeSpan.FromHours(1));

        var id = Schedule(byAnother ? other : Storage, TimeSpan.FromSeconds(seconds));

        await waiting;
        // Not before it is due.
        Assert.Equal(1, Storage.EnqueueDelayedJobs());
        Assert.Equal([$"{Queue}:{id}"], Queued());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WaitUntilDue_Ends_WhenARecurringJobIsDue(bool byAnother)
    {
        Storage.ClockPace = Never;
        using var other = OpenAnother();
        using var limit = Limit();
        ScheduleRecurring(Storage, "paused", -1);
        var waiting = WaitAsync(Storage, limit.Token, DueJobs.Recurring);
        await KeeperAsync();

        ScheduleRecurring(byAnother ? other : Storage, "due", DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);

        await waiting;
    }

    [Fact]
    public async Task WaitUntilDue_Ends_WhenTheKeeperLeaves_AndAJobIsDueLater()
    {
        Storage.ClockPace = Never;
        using var other = OpenAnother();
        other.ClockPace = Never;
        using var limit = Limit();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var leaving = WaitAsync(Storage, leave.Token);
        var keeper = await KeeperAsync();
        var waiting = WaitAsync(other, limit.Token);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await KeeperAsync(other: keeper);
        Schedule(Storage, TimeSpan.FromSeconds(1));

        await waiting;
    }

    [Fact]
    public async Task WaitUntilDue_Ends_ForAnotherProcess_WhenTheKeeperDoesNothing()
    {
        Storage.ClockPace = Never;
        using var other = OpenAnother();
        other.ClockPace = Often;
        using var limit = Limit();
        var keeper = WaitAsync(Storage, limit.Token);
        await KeeperAsync();
        var waiting = WaitAsync(other, limit.Token);

        var id = Schedule(Storage, TimeSpan.Zero);

        await keeper;
        await waiting;
        Assert.Equal(1, other.EnqueueDelayedJobs());
        Assert.Equal([$"{Queue}:{id}"], Queued());
    }

    [Fact]
    public async Task WaitUntilDue_Ends_WithoutAWakeUp_WhenTheTimeOfTheDatabaseJumps()
    {
        Storage.ClockPace = Often;
        using var limit = Limit();
        var id = Schedule(Storage, TimeSpan.FromHours(1));
        var waiting = WaitAsync(Storage, limit.Token);
        await KeeperAsync();

        // What an hour that is skipped does to the times in rows.
        Rows.Execute("UPDATE {s}set_item SET score = score - 3600");

        await waiting;
        Storage.EnqueueDelayedJobs();
        Assert.Equal([$"{Queue}:{id}"], Queued());
    }

    [Fact]
    public async Task WaitUntilDue_WaitsForTheNextJob_WhenOneThatIsDueCannotStart()
    {
        Storage.ClockPace = Never;
        using var limit = Limit();
        // For Hangfire's scheduler, which is not here.
        Schedule(Storage, TimeSpan.Zero, queue: null);
        var tries = 0;
        var waiting = Task.Factory.StartNew(
            () =>
            {
                do
                {
                    Storage.WaitUntilDue(DueJobs.Delayed, limit.Token);
                    Interlocked.Increment(ref tries);
                }
                while (Storage.EnqueueDelayedJobs() == 0);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Until.TrueAsync(() => Volatile.Read(ref tries) > 0, "it is tried");

        var id = Schedule(Storage, TimeSpan.FromSeconds(1));

        await waiting;
        Assert.Equal([$"{Queue}:{id}"], Queued());
        Assert.InRange(tries, 2, 4);
    }
}
