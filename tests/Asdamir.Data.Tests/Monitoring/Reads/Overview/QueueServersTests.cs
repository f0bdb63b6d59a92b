using System.Text.Json;
using Hangfire.Server;
using Hangfire.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.Tests.Monitoring.Reads.Overview;

public sealed class QueueServersOnSqlite() : QueueServersTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class QueueServersOnPostgreSql() : QueueServersTests(StorageKind.PostgreSql);

/// <summary>What became of the servers of a queue, and whether its jobs wait for one.</summary>
public abstract class QueueServersTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Queue_IsUnserved_AfterItsServerDied_UntilAnotherOneRuns()
    {
        var crm = await StartAsync();
        var id = crm.Jobs.Enqueue<IdleJob>();
        using var connection = crm.Storage.GetConnection();
        Announce(connection, "one");
        Assert.Equal((1, false), ServedBy(await QueueAsync(crm)));
        Assert.False((await crm.ReadAsync($"/jobs/{id}")).TryGetProperty("unservedQueue", out _));

        Die(connection);

        var queue = await QueueAsync(crm);
        Assert.Equal((0, true), ServedBy(queue));
        Assert.Equal(
            ("one", "Died", 0), (Last(queue).Text("id"), Last(queue).Text("state"), Last(queue).Number("rescuedJobs")));
        Assert.True(Last(queue).TryGetProperty("endedAt", out _));
        Assert.Equal(1, queue.GetProperty("crashes").Number("count"));
        var unserved = (await crm.ReadAsync($"/jobs/{id}")).GetProperty("unservedQueue");
        Assert.Equal(("crm", "one"), (unserved.Text("name"), Last(unserved).Text("id")));

        Announce(connection, "two");

        queue = await QueueAsync(crm);
        Assert.Equal((1, false), ServedBy(queue));
        Assert.False(queue.TryGetProperty("lastServer", out _));
        Assert.Equal(1, queue.GetProperty("crashes").Number("count"));
        Assert.False((await crm.ReadAsync($"/jobs/{id}")).TryGetProperty("unservedQueue", out _));
    }

    [Fact]
    public async Task Server_IsStopped_WhenItWasRemoved()
    {
        var crm = await StartAsync();
        using var connection = crm.Storage.GetConnection();
        Announce(connection, "one");

        connection.RemoveServer("one");

        Assert.Equal("Stopped", Assert.Single((await crm.ReadAsync("/servers")).EnumerateArray()).Text("state"));
        var queue = await QueueAsync(crm);
        Assert.Equal((0, false), ServedBy(queue));
        Assert.Equal("Stopped", Last(queue).Text("state"));
        Assert.False(queue.TryGetProperty("crashes", out _));
    }

    [Fact]
    public async Task Crashes_AreCountedAsASeries_AndAnEarlierOneIsLeftOut()
    {
        var crm = await StartAsync();
        using var connection = crm.Storage.GetConnection();
        int[] minutesAgo = [90, 21, 12, 5, 4];
        foreach (var minutes in minutesAgo)
            Announce(connection, $"{minutes}");
        Die(connection);
        var now = Rows.Value<long>("SELECT max(ended_at) FROM {s}server");
        foreach (var minutes in minutesAgo)
            Rows.Execute($"UPDATE {{s}}server SET ended_at = {now - (minutes * 60_000_000L)}, rescued = 2 WHERE id = '{minutes}'");

        var crashes = (await QueueAsync(crm)).GetProperty("crashes");

        Assert.Equal((4, 8), (crashes.Number("count"), crashes.Number("rescuedJobs")));
        Assert.Equal(
            TimeSpan.FromMinutes(17), crashes.GetProperty("lastAt").GetDateTime() - crashes.GetProperty("firstAt").GetDateTime());
    }

    [Fact]
    public async Task Queues_ListThoseWhoseServerEnded_WithoutAJob()
    {
        var all = await StartAsync("");
        using var connection = all.Storage.GetConnection();
        connection.AnnounceServer("night", new ServerContext { Queues = ["night"], WorkerCount = 1 });

        Die(connection);

        Assert.Equal("night", Assert.Single((await all.ReadAsync("/queues")).EnumerateArray()).Text("name"));
    }

    private Tables Rows => Kind == StorageKind.Sqlite
        ? new Tables(() => new SqliteConnection(ConnectionString), "")
        : new Tables(() => new NpgsqlConnection(ConnectionString), $"\"{Schema}\".");

    private static void Announce(IStorageConnection connection, string id) =>
        connection.AnnounceServer(id, new ServerContext { Queues = ["crm"], WorkerCount = 1 });

    private void Die(IStorageConnection connection)
    {
        Rows.Execute("UPDATE {s}server SET heartbeat_at = heartbeat_at - 1000");
        Assert.True(connection.RemoveTimedOutServers(TimeSpan.Zero) > 0);
    }

    private static async Task<JsonElement> QueueAsync(WebHost crm) =>
        Assert.Single((await crm.ReadAsync("/queues")).EnumerateArray());

    private static (int Servers, bool IsUnserved) ServedBy(JsonElement queue) =>
        (queue.Number("servers"), queue.GetProperty("unserved").GetBoolean());

    private static JsonElement Last(JsonElement queue) => queue.GetProperty("lastServer");
}
