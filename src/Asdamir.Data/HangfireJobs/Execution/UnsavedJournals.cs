using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The journals of jobs that ended while the storage did not answer. They are saved as soon as it does; what it has not accepted in
/// time, or before the process ends, is lost, and the log of the app says so.
/// </summary>
internal sealed partial class UnsavedJournals(TimeProvider time, ILogger<UnsavedJournals> log) : IDisposable
{
    private const int Most = 500;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Lock _saving = new();
    private readonly Queue<(JobJournal Journal, DateTimeOffset Until)> _waiting = [];
    private ITimer? _timer;
    private bool _disposed;

    public void Keep(JobJournal journal)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                Log.Lost(log, journal.JobId);
                return;
            }
            if (_waiting.Count == Most)
                Log.Lost(log, _waiting.Dequeue().Journal.JobId);
            _waiting.Enqueue((journal, time.GetUtcNow() + LongestWait));
            _timer ??= Detached.Start(() => time.CreateTimer(_ => SaveAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
            _timer.Change(RetryInterval, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
        SaveAll();
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var lost))
                Log.Lost(log, lost.Journal.JobId);
        }
    }

    // In the order in which the jobs ended, until the storage refuses one.
    private void SaveAll()
    {
        lock (_saving)
        {
            while (TryPeek(out var next))
            {
                var isSaved = next.Journal.Save();
                if (!isSaved && time.GetUtcNow() < next.Until)
                    break;
                lock (_gate)
                {
                    if (_waiting.TryPeek(out var first) && first == next)
                        _waiting.Dequeue();
                    if (!isSaved)
                        Log.Lost(log, next.Journal.JobId);
                }
            }
            lock (_gate)
            {
                if (_waiting.Count > 0 && !_disposed)
                    _timer?.Change(RetryInterval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private bool TryPeek(out (JobJournal Journal, DateTimeOffset Until) next)
    {
        lock (_gate)
            return _waiting.TryPeek(out next);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1202, Level = LogLevel.Warning,
            Message = "A part of the log of job {JobId} is lost: the job storage did not accept it in time")]
        public static partial void Lost(ILogger logger, string jobId);
    }
}
