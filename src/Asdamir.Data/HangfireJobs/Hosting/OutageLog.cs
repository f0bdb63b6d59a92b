using System.Data.Common;
using System.Diagnostics;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// During an outage of the job storage, every worker and every component of Hangfire and of the storage logs errors repeatedly.
/// This class logs the outage once, and then its duration; the other messages are logged at the level Debug.
/// The storages of this package report an outage by their exceptions. For other storages, and where several hosts share the process and
/// so Hangfire's log, a probe of the storage decides; the messages until then keep their level.
/// </summary>
internal sealed partial class OutageLog(ILogger<OutageLog> log) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Components notice the end of an outage at different times, at the latest after their longest pause.
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private JobStorage? _storage;
    private bool _isPolled;
    private bool _isAway;
    private long _endedAt;

    /// <summary>Starts to log outages of the storage; until then, the start of the app logs each attempt to open it.</summary>
    public void Monitor(JobStorage storage)
    {
        lock (_gate)
            _storage = storage;
    }

    /// <summary>Whether a message only repeats what this class has logged or will log.</summary>
    /// <param name="message">The message.</param>
    /// <param name="exception">What was logged with it.</param>
    /// <param name="isOnlyHost">Whether the message can only be about this host's storage.</param>
    public bool Covers(string message, Exception? exception, bool isOnlyHost)
    {
        lock (_gate)
        {
            if (_storage is not { } storage || _stop.IsCancellationRequested)
                return false;
            if (exception is null)
                return IsOfAnOutage && IsRecovery(message);
            var outage = OutageOf(exception);
            if (outage is null && storage is SqlJobStorage)
                return false;
            if (!_isPolled)
                Begin(storage, outage ?? exception, isCertain: outage is not null && isOnlyHost);
            return _isAway;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested)
                _stop.Cancel();
        }
    }

    private bool IsOfAnOutage => _isAway || (_endedAt != 0 && Stopwatch.GetElapsedTime(_endedAt) < Aftermath);

    // The caller holds the gate.
    private void Begin(JobStorage storage, Exception outage, bool isCertain)
    {
        _isPolled = true;
        _isAway = isCertain;
        // Shortly after an outage this may be a late message about it, so the outage is logged only once a probe of the storage fails.
        var isReported = isCertain && (_endedAt == 0 || Stopwatch.GetElapsedTime(_endedAt) >= Interval * 10);
        if (isReported)
            Log.Away(log, new LogText(outage.Message));
        using (ExecutionContext.SuppressFlow())
            _ = PollAsync(storage, isReported, outage, Stopwatch.GetTimestamp(), _stop.Token);
    }

    private async Task PollAsync(JobStorage storage, bool isReported, Exception outage, long since, CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(Interval, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            if (stopping.IsCancellationRequested || Answers(storage))
                break;
            lock (_gate)
                _isAway = true;
            if (!isReported)
                Log.Away(log, new LogText(outage.Message));
            isReported = true;
        }
        lock (_gate)
        {
            if (_isAway)
                _endedAt = Stopwatch.GetTimestamp();
            _isAway = false;
            _isPolled = false;
        }
        var duration = TimeSpan.FromSeconds(Math.Round(Stopwatch.GetElapsedTime(since).TotalSeconds));
        if (isReported && !stopping.IsCancellationRequested)
            Log.Back(log, duration);
    }

    private static bool Answers(JobStorage storage)
    {
        try
        {
            using var connection = storage.GetConnection();
            connection.GetAllEntriesFromHash("asdamir:probe");
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static Exception? OutageOf(Exception exception)
    {
        for (var next = exception; next is not null; next = next.InnerException)
        {
            if (next is JobStorageUnavailableException or DbException { IsTransient: true })
                return next;
        }
        return null;
    }

    // As of Hangfire 1.8.
    private static bool IsRecovery(string message) =>
        message.Contains(" recovered from the Fa", StringComparison.Ordinal)
        || message.EndsWith("is now able to continue sending heartbeats", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1504, Level = LogLevel.Warning, Message = "The job storage does not answer; jobs wait until it does. {Error}")]
        public static partial void Away(ILogger logger, LogText error);

        [LoggerMessage(EventId = 1505, Level = LogLevel.Information, Message = "The job storage answers again, after {Duration}")]
        public static partial void Back(ILogger logger, TimeSpan duration);
    }
}
