using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Asdamir.Data.Storage.Sql;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Hangfire's servers: announced, alive, timed out. Times in the database decide that, and clocks jump: a server that is alive and was
/// removed returns with its next heartbeat. Hangfire would restart it, and cancel all of its jobs.
/// </summary>
internal sealed class Servers
{
    private static readonly ServerData Unknown = new(0, []);

    // The servers of this process, with their data.
    private readonly ConcurrentDictionary<string, string> _announced = new(StringComparer.Ordinal);

    public void Announce(ISessions sessions, string id, ServerContext context)
    {
        id = StorableText.Of(id);
        // As the names of queues are stored.
        var queues = Array.ConvertAll(context.Queues ?? [], StorableText.Of);
        var data = JsonSerializer.Serialize(new ServerData(context.WorkerCount, queues), ServerJson.Default.ServerData);
        Write(sessions, id, data);
        _announced[id] = data;
    }

    public void Remove(ISessions sessions, string id)
    {
        id = StorableText.Of(id);
        _announced.TryRemove(id, out _);
        using var session = sessions.Write();
        session.Execute("DELETE FROM {s}server WHERE id = @id", ("@id", id));
    }

    /// <exception cref="BackgroundServerGoneException">No such server was announced here; Hangfire announces it again.</exception>
    public void Heartbeat(ISessions sessions, string id)
    {
        id = StorableText.Of(id);
        using (var session = sessions.Write())
        {
            if (session.Execute("UPDATE {s}server SET heartbeat_at = {now} WHERE id = @id", ("@id", id)) > 0)
                return;
        }
        if (!_announced.TryGetValue(id, out var data))
            throw new BackgroundServerGoneException();
        Write(sessions, id, data);
    }

    public static int RemoveTimedOut(ISessions sessions, TimeSpan timeout)
    {
        using var session = sessions.Write();
        return session.Execute("DELETE FROM {s}server WHERE heartbeat_at < {now} - @timeout", ("@timeout", Micros.Of(timeout)));
    }

    /// <remarks>A server whose data cannot be read is known only by its heartbeats.</remarks>
    public static ServerData Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ServerJson.Default.ServerData) is { Queues: not null } data ? data : Unknown;
        }
        catch (JsonException)
        {
            return Unknown;
        }
    }

    private static void Write(ISessions sessions, string id, string data)
    {
        using var session = sessions.Write();
        session.Execute(
            """
            INSERT INTO {s}server (id, data, started_at, heartbeat_at) VALUES (@id, @data, {now}, {now})
            ON CONFLICT (id) DO UPDATE SET data = excluded.data, started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at
            """,
            ("@id", id), ("@data", data));
    }
}

internal sealed record ServerData(int WorkerCount, IReadOnlyList<string> Queues);

[JsonSerializable(typeof(ServerData))]
internal sealed partial class ServerJson : JsonSerializerContext;
