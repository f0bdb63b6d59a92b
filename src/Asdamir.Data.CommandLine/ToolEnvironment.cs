using System.Collections;

namespace Asdamir.Data.CommandLine;

/// <summary>What the tool takes from its process, so that tests can give it something else.</summary>
internal sealed record ToolEnvironment
{
    /// <summary>Where relative paths start.</summary>
    public required string Folder { get; init; }

    /// <summary>The environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The user of the operating system, for the audit.</summary>
    public required string User { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static ToolEnvironment OfProcess() => new()
    {
        Folder = Directory.GetCurrentDirectory(),
        Variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(static pair => (string)pair.Key, static pair => (string?)pair.Value ?? "", StringComparer.Ordinal),
        User = Environment.UserName,
    };
}
