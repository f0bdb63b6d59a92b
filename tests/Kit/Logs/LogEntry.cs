using Microsoft.Extensions.Logging;

namespace Kit;

/// <summary>One entry of a log.</summary>
public sealed record LogEntry(string Category, LogLevel Level, int EventId, string Message, Exception? Exception)
{
    /// <summary>The message and the exception, as a file would have them.</summary>
    public string Text => $"{Message} {Exception}";
}
