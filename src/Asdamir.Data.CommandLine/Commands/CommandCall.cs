using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Asdamir.Data.CommandLine.Connections;
using Asdamir.Data.CommandLine.Output;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>One execution of a command: its arguments, where the schema is, and where to write.</summary>
internal sealed record CommandCall
{
    public required ParseResult Parsed { get; init; }

    public required SchemaLocation Location { get; init; }

    public required Terminal Terminal { get; init; }

    public required ToolEnvironment Environment { get; init; }

    /// <summary>Whether a machine reads the output.</summary>
    public required bool IsJson { get; init; }

    public DateTimeOffset Now => Environment.Time.GetUtcNow();

    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => Parsed.GetValue(argument);

    public void WriteJson<T>(T document, JsonTypeInfo<T> type) => Terminal.WriteLine(ToolJson.Write(document, type));
}
