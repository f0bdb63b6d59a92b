using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>What a server does, as its row stores it.</summary>
internal sealed record ServerData(int WorkerCount, IReadOnlyList<string> Queues)
{
    private static readonly ServerData Unknown = new(0, []);

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

    public string Write() => JsonSerializer.Serialize(this, ServerJson.Default.ServerData);
}

[JsonSerializable(typeof(ServerData))]
internal sealed partial class ServerJson : JsonSerializerContext;
