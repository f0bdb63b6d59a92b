using Hangfire.Logging;

namespace Asdamir.Data.Storage.Telemetry;

/// <summary>The log of a class of the storage. It is Hangfire's, which only this class and those that Hangfire calls know.</summary>
internal sealed class StorageLog(Type source)
{
    private readonly ILog _log = LogProvider.GetLogger(source);

    public void Debug(string message) => _log.Debug(message);

    public void DebugException(string message, Exception exception) => _log.DebugException(message, exception);

    public void Warn(string message) => _log.Warn(message);

    public void WarnException(string message, Exception exception) => _log.WarnException(message, exception);

    public void ErrorException(string message, Exception exception) => _log.ErrorException(message, exception);
}
