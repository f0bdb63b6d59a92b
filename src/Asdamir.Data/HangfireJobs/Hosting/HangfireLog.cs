using Hangfire.Logging;
using Microsoft.Extensions.Logging;
using HangfireLogLevel = Hangfire.Logging.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Brings Hangfire's own log into the host's. Hangfire has one log provider for the whole process and its classes
/// keep their loggers for ever, so this one looks for a living host at every message: the one that started last.
/// </summary>
internal sealed class HangfireLog : ILogProvider
{
    private static readonly Lock Gate = new();
    private static readonly List<ILoggerFactory> Hosts = [];
    private static volatile ILoggerFactory? _current;
    private static readonly HangfireLog Instance = new();

    /// <summary>
    /// Call it before anything of Hangfire is created: its attributes, too, take their logger when they are. And again once AddHangfire has
    /// put its own in place, which throws as soon as its host is disposed.
    /// </summary>
    public static void Install() => LogProvider.SetCurrentLogProvider(Instance);

    public static IDisposable WriteTo(ILoggerFactory host)
    {
        lock (Gate)
        {
            Hosts.Add(host);
            _current = host;
        }
        return new Registration(host);
    }

    public ILog GetLogger(string name) => new Logger(name);

    private sealed class Registration(ILoggerFactory host) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
            {
                Hosts.Remove(host);
                _current = Hosts.LastOrDefault();
            }
        }
    }

    private sealed class Logger(string name) : ILog
    {
        public bool Log(HangfireLogLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
        {
            if (_current is not { } host)
                return false;
            try
            {
                var log = host.CreateLogger(name);
                var level = (LogLevel)logLevel;
                if (messageFunc is not null && log.IsEnabled(level))
                    log.Log(level, default, messageFunc(), exception, static (message, _) => message);
                return log.IsEnabled(level);
            }
            catch (ObjectDisposedException)
            {
                // The host is just going away.
                return false;
            }
        }
    }
}
