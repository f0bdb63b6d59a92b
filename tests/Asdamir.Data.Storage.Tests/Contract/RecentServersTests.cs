using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.Server;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class RecentServersOnPostgreSql() : RecentServersTests(static place => OnPostgreSql(place))
{
    private protected override JobDatabase OpenDatabase() =>
        new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
}

public sealed class RecentServersOnSqlite() : RecentServersTests(static place => OnSqlite(place))
{
    private protected override JobDatabase OpenDatabase() => new SqliteDatabase($"Data Source={Place.File}", new SqliteJobStorageOptions());
}

/// <summary>What is known for a day of servers that have ended.</summary>
public abstract class RecentServersTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private const long Second = 1_000_000;

    [Fact]
    public void StoppedServer_IsKept_AndRunsNoLonger()
    {
        Announce("one", "crm", "default");
        Assert.Null(Assert.Single(Storage.Servers()).EndedAt);

        using var connection = Storage.GetConnection();
        connection.RemoveServer("one");

        var server = Assert.Single(Storage.Servers());
        Assert.Equal(("one", 3, false, 0), (server.Id, server.Workers, server.HasDied, server.RescuedJobs));
        Assert.Equal(["crm", "default"], server.Queues);
        Assert.NotNull(server.EndedAt);
        Assert.Empty(Storage.GetMonitoringApi().Servers());
        Assert.Equal(0, Storage.GetMonitoringApi().GetStatistics().Servers);
    }

    [Fact]
    public void ServerOfAnEndedLease_HasDied_WithTheJobsThatWereRescued()
    {
        Announce("crm one", "crm");
        Announce("crm two", "crm");
        Announce("hr", "hr");
        foreach (var queue in new[] { "crm", "crm", "hr", "free" })
            Client.Create(SampleJobs.Text("x"), new EnqueuedState(queue));
        var lease = Lease();
        Rows.Execute($"UPDATE {{s}}queue SET claimed_by = {lease}, claimed_at = 0 WHERE queue <> 'free'");

        EndLease();

        Assert.Equal(
            [("crm one", true, 2L), ("crm two", true, 0L), ("hr", true, 1L)],
            Storage.Servers().Select(static server => (server.Id, server.HasDied, server.RescuedJobs)));
        Assert.All(Storage.Servers(), static server => Assert.InRange(server.EndedAt!.Value, server.StartedAt, DateTimeOffset.UtcNow));
        Assert.Empty(Storage.GetMonitoringApi().Servers());
    }

    [Fact]
    public void ServerThatWasTakenForDead_Runs_AfterItsNextHeartbeat()
    {
        Announce("one", "crm");
        var startedAt = Storage.Servers()[0].StartedAt;
        EndLease();

        using var connection = Storage.GetConnection();
        connection.Heartbeat("one");

        var server = Assert.Single(Storage.Servers());
        Assert.Equal((null, false, startedAt), (server.EndedAt, server.HasDied, server.StartedAt));
        Assert.Single(Storage.GetMonitoringApi().Servers());
    }

    [Fact]
    public void ServerOfAProcessWhoseLeaseIsOver_HasDied_AlsoWhenNoOtherProcessLives()
    {
        Announce("one", "crm");
        var heartbeat = Rows.Value<long>("SELECT heartbeat_at FROM {s}server") - (900 * Second);
        Rows.Execute(
            $$"""
            INSERT INTO {s}lease (owner, expires_at, timeout) VALUES ('dead', {{heartbeat + (50 * Second)}}, {{30 * Second}})
            """);
        Rows.Execute(
            $$"""
            UPDATE {s}server
            SET started_at = {{heartbeat}},
                heartbeat_at = {{heartbeat}},
                lease_id = (SELECT id FROM {s}lease WHERE owner = 'dead')
            """);

        var server = Assert.Single(Storage.Servers());

        Assert.Equal((true, server.HeartbeatAt.AddSeconds(20)), (server.HasDied, server.EndedAt!.Value));
    }

    [Fact]
    public void TimedOutServer_HasDied_WhenItSentItsLastHeartbeat()
    {
        Announce("one", "crm");
        Rows.Execute($"UPDATE {{s}}server SET heartbeat_at = heartbeat_at - {600 * Second}");

        using var connection = Storage.GetConnection();
        Assert.Equal(1, connection.RemoveTimedOutServers(TimeSpan.FromMinutes(5)));

        var server = Assert.Single(Storage.Servers());
        Assert.Equal((true, server.HeartbeatAt), (server.HasDied, server.EndedAt!.Value));
    }

    [Fact]
    public void EndedServer_IsForgotten_AfterADay()
    {
        Announce("one", "crm");
        Announce("two", "crm");
        using var connection = Storage.GetConnection();
        connection.RemoveServer("one");
        Rows.Execute($"UPDATE {{s}}server SET ended_at = ended_at - {25 * 3600 * Second} WHERE id = 'one'");
        Assert.Equal(["two"], Storage.Servers().Select(static server => server.Id));

        connection.RemoveServer("two");

        Assert.Equal(1, Rows.Count("{s}server"));
    }

    [Fact]
    public void EndedServers_AreBounded_AndOneKindDoesNotDisplaceAnother()
    {
        Announce("other", "hr");
        Announce("crashing", "crm");
        using var connection = Storage.GetConnection();
        connection.RemoveServer("other");
        Rows.Execute(
            """
            INSERT INTO {s}server (id, data, started_at, heartbeat_at, lease_id, ended_at, rescued)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            SELECT 'crashed ' || n.i, s.data, s.started_at, s.heartbeat_at, s.lease_id, s.started_at - 60000000 + n.i, 0
            FROM n CROSS JOIN {s}server AS s
            WHERE s.id = 'crashing'
            """);

        connection.RemoveServer("crashing");

        var servers = Storage.Servers();
        Assert.Equal(101, servers.Count);
        Assert.Contains(servers, static server => server.Id == "other");
        Assert.Contains(servers, static server => server.Id == "crashed 3000");
        Assert.Equal(101, Rows.Count("{s}server"));
    }

    [Fact]
    public void ServerIsStopped_WhenItsStorageIsClosed()
    {
        using (var other = OpenAnother())
        {
            using var connection = other.GetConnection();
            connection.AnnounceServer("one", new ServerContext { Queues = ["crm"], WorkerCount = 1 });
        }

        var server = Assert.Single(Storage.Servers());
        Assert.Equal((true, false), (server.EndedAt is not null, server.HasDied));
    }

    private protected abstract JobDatabase OpenDatabase();

    private void Announce(string id, params string[] queues)
    {
        using var connection = Storage.GetConnection();
        connection.AnnounceServer(id, new ServerContext { Queues = queues, WorkerCount = 3 });
    }

    private long Lease() => Rows.Value<long>("SELECT id FROM {s}lease");

    // As another process does. The storage's own thread renews its lease meanwhile.
    private void EndLease()
    {
        using var database = OpenDatabase();
        var table = new LeaseTable(database, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), HangfireStates.EnqueuedData);
        while (table.End([.. table.Read()]).Ended.Count == 0)
        {
        }
    }
}
