using Hangfire.Logging;

namespace Apps.Storage;

/// <summary>Writes warnings and worse to the error stream.</summary>
public sealed class ErrorStreamLog : ILogProvider, ILog
{
    public ILog GetLogger(string name) => this;

    public bool Log(LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
    {
        if (logLevel < LogLevel.Warn)
            return false;
        if (messageFunc is not null)
            Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {messageFunc()} {exception}");
        return true;
    }
}
