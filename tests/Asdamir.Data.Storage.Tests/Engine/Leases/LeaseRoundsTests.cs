using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>The rounds of a process that nothing wakes.</summary>
public sealed class LeaseRoundsTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // A crash of the database can undo the return of a claim. The claim then belongs to a lease that lives, and nothing reports it.
    [Fact]
    public void Sweep_IsDueEvery30Seconds_WithoutAReport()
    {
        using var folder = new TemporaryFolder();
        var options = new SqliteJobStorageOptions { Time = new FakeTimeProvider(DateTimeOffset.UtcNow) };
        using var database = new SqliteDatabase(folder.Sqlite(), options);
        database.Migrate();
        var table = new LeaseTable(database, Timeout, Interval, HangfireStates.EnqueuedData);
        var rounds = new LeaseRounds(database, table, Interval, Timeout);
        List<bool> isSweepDue = [];
        rounds.Renewed += isSweepDue.Add;
        var lease = table.Open();
        using var liveness = database.TakeLivenessLock(static () => { });

        for (var round = 0; round < 12; round++)
            rounds.Next(lease, liveness, renews: true);

        Assert.Equal([false, false, false, false, false, true, false, false, false, false, false, true], isSweepDue);
    }
}
