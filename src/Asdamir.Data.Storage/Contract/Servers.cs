using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
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
        ServerTable.Put(sessions, id, data);
        _announced[id] = data;
    }

    public void Remove(ISessions sessions, string id)
    {
        id = StorableText.Of(id);
        _announced.TryRemove(id, out _);
        ServerTable.Delete(sessions, id);
    }

    /// <exception cref="BackgroundServerGoneException">No such server was announced here; Hangfire announces it again.</exception>
    public void Heartbeat(ISessions sessions, string id)
    {
        id = StorableText.Of(id);
        if (ServerTable.Beat(sessions, id))
            return;
        if (!_announced.TryGetValue(id, out var data))
            throw new BackgroundServerGoneException();
        ServerTable.Put(sessions, id, data);
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
}

internal sealed record ServerData(int WorkerCount, IReadOnlyList<string> Queues);

[JsonSerializable(typeof(ServerData))]
internal sealed partial class ServerJson : JsonSerializerContext;
