using Hangfire;
using Hangfire.Logging;
using Microsoft.Extensions.Logging;
using HangfireLogLevel = Hangfire.Logging.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Forwards Hangfire's log to the host's. Hangfire has one log provider for the whole process and its classes
/// keep their loggers without limit, so this one finds a live host at every message: the one that started last. Which host's storage
/// a message is about cannot be seen from it, so each host is asked whether its storage is away.
/// </summary>
internal sealed class HangfireLog : ILogProvider
{
    private static readonly Lock Gate = new();
    private static volatile Host[] _hosts = [];
    private static readonly HangfireLog Instance = new();

    /// <summary>
    /// Must be called before any Hangfire object is created, because also its attributes get their logger then; and again after
    /// AddHangfire has installed its own provider, which throws as soon as its host is disposed.
    /// </summary>
    public static void Install() => LogProvider.SetCurrentLogProvider(Instance);

    public static IDisposable WriteTo(ILoggerFactory loggers, OutageLog outages)
    {
        var host = new Host(loggers, outages);
        lock (Gate)
            _hosts = [.. _hosts, host];
        return new Registration(host);
    }

    public ILog GetLogger(string name) => new Logger(name);

    private sealed record Host(ILoggerFactory Loggers, OutageLog Outages);

    // All are asked: the one whose storage is away must notice it.
    private static bool IsCovered(Host[] hosts, string message, Exception? exception)
    {
        var isCovered = false;
        foreach (var host in hosts)
            isCovered |= host.Outages.Covers(message, exception, isOnlyHost: hosts.Length == 1);
        return isCovered;
    }

    private sealed class Registration(Host host) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
                _hosts = [.. _hosts.Where(other => other != host)];
        }
    }

    private sealed class Logger(string name) : ILog
    {
        // An exception of a plain Hangfire job, perhaps about a database of the app, says nothing about the storage.
        private bool IsOfJobs => name == typeof(AutomaticRetryAttribute).FullName;

        public bool Log(HangfireLogLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
        {
            var hosts = _hosts;
            if (hosts is not [.., var host])
                return false;
            try
            {
                var log = host.Loggers.CreateLogger(name);
                var level = (LogLevel)logLevel;
                if (messageFunc is null)
                    return log.IsEnabled(level);
                if (!log.IsEnabled(level))
                    return false;
                var message = messageFunc();
                if (level > LogLevel.Debug && !IsOfJobs && IsCovered(hosts, message, exception))
                    level = LogLevel.Debug;
                if (log.IsEnabled(level))
                    log.Log(level, default, message, exception, static (message, _) => message);
                return true;
            }
            catch (ObjectDisposedException)
            {
                // The host is being disposed.
                return false;
            }
        }
    }
}
