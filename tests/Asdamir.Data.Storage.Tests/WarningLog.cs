using System.Collections.Concurrent;
using Hangfire.Logging;

namespace Asdamir.Data.Storage.Tests;

/// <summary>What storages have warned of since the first use of this class, by their descriptions.</summary>
public sealed class WarningLog : ILogProvider, ILog
{
    private static readonly WarningLog Only = new();

    private readonly ConcurrentQueue<string> _lines = new();

    static WarningLog() => LogProvider.SetCurrentLogProvider(Only);

    private WarningLog()
    {
    }

    /// <summary>Call it before the storage is created.</summary>
    public static void Start() => _ = Only;

    public static IReadOnlyList<string> Of(object storage) =>
        [.. Only._lines.Where(line => line.Contains($"{storage}", StringComparison.Ordinal))];

    public ILog GetLogger(string name) => this;

    public bool Log(LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
    {
        if (logLevel < LogLevel.Warn)
            return false;
        if (messageFunc is not null)
            _lines.Enqueue($"{messageFunc()} {exception}");
        return true;
    }
}
