using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>The rounds of a process that nothing wakes.</summary>
public sealed class LeaseRoundsTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly SqliteDatabase _database;
    private readonly LeaseTable _table;
    private readonly LeaseRounds _rounds;
    private readonly ILivenessLock _liveness;
    private readonly long _lease;

    public LeaseRoundsTests()
    {
        _database = new SqliteDatabase(_folder.Sqlite(), new SqliteJobStorageOptions { TimeProvider = _time });
        _database.Migrate();
        _table = new LeaseTable(_database, Timeout, Interval, HangfireStates.EnqueuedData);
        _rounds = new LeaseRounds(_database, _table, Interval, Timeout);
        _lease = _table.Open();
        _liveness = _database.TakeLivenessLock(static () => { });
    }

    public void Dispose()
    {
        _liveness.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Sweep_IsDueEvery30Seconds_WithoutAReport()
    {
        List<bool> isSweepDue = [];
        _rounds.Renewed += isSweepDue.Add;

        for (var round = 0; round < 12; round++)
            _rounds.Next(_lease, _liveness, renews: true);

        Assert.Equal([false, false, false, false, false, true, false, false, false, false, false, true], isSweepDue);
    }

    [Fact]
    public void Lease_IsRenewedAtTheFirstRoundAfterTrouble_ThoughItIsNotDue()
    {
        _rounds.Next(_lease, _liveness, renews: true);
        Execute("ALTER TABLE lease RENAME TO away");
        TimeSpan[] pauses = [.. Enumerable.Range(0, 4).Select(_ => _rounds.Next(_lease, _liveness, renews: true))];
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)], pauses);
        Execute("ALTER TABLE away RENAME TO lease");
        _time.Advance(pauses[^1]);
        var before = ExpiresAt;

        Assert.Equal(Interval, _rounds.Next(_lease, _liveness, renews: false));

        Assert.Equal(before + 1_000_000, ExpiresAt);
        // Only the trouble made it earlier.
        _time.Advance(pauses[^1]);
        Assert.Equal(Interval - pauses[^1], _rounds.Next(_lease, _liveness, renews: false));
        Assert.Equal(before + 1_000_000, ExpiresAt);
    }

    private long ExpiresAt => _table.Read().Single().ExpiresAt;

    private void Execute(string sql)
    {
        using var session = _database.Write();
        session.Execute(sql);
    }
}
