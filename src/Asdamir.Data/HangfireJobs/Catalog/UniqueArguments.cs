using System.Buffers;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Makes the key of a job of a <c>[Unique]</c> job type from its arguments.</summary>
/// <param name="members">The members of the arguments that count, by their names in JSON; <see langword="null"/> for all.</param>
internal sealed class UniqueArguments(IReadOnlyList<string>? members)
{
    private const string None = "{}";
    private static readonly JsonWriterOptions Format = new() { Encoder = JobArguments.Json.Encoder };

    public static UniqueArguments Of(Type? argumentType)
    {
        var members = ArgumentMember.With<UniqueKeyAttribute>(argumentType);
        return new UniqueArguments(members.Count == 0 ? null : members);
    }

    /// <summary>The key: JSON, or a hash of it when it is long.</summary>
    /// <param name="json">The arguments; empty for a job without any.</param>
    public string KeyOf(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            return None;
        var bytes = members is null ? json.Span : Pick(json, members);
        return StorableKey.Of(bytes);
    }

    private static ReadOnlySpan<byte> Pick(ReadOnlyMemory<byte> json, IReadOnlyList<string> members)
    {
        using var arguments = JsonDocument.Parse(json);
        ArrayBufferWriter<byte> picked = new();
        using (Utf8JsonWriter writer = new(picked, Format))
        {
            writer.WriteStartObject();
            foreach (var member in members)
            {
                if (!arguments.RootElement.TryGetProperty(member, out var value))
                    continue;
                writer.WritePropertyName(member);
                value.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        return picked.WrittenSpan;
    }
}
