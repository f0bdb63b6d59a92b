using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The job types whose jobs this process postponed because its build cannot execute them. Logs each name once, counts every
/// delivery, and keeps the names for the health check.
/// </summary>
internal sealed partial class UnknownJobs(JobMetrics metrics, TimeProvider time, ILogger<UnknownJobs> log)
{
    // Names come from rows, so their number is limited.
    private const int MaxNames = 100;
    private const string Others = "(others)";

    /// <summary>Longer than the longest time between two deliveries of a postponed job.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <param name="jobName">The name stored with the job.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="reason">Why this build cannot execute it, and the fix.</param>
    public void Postponed(string jobName, string jobId, string queue, string reason)
    {
        bool isNew;
        string name;
        lock (_gate)
        {
            name = _seen.ContainsKey(jobName) || _seen.Count < MaxNames ? jobName : Others;
            isNew = !_seen.ContainsKey(name);
            _seen[name] = time.GetUtcNow();
        }
        metrics.Unknown(name, queue);
        if (isNew)
            Log.Unknown(log, jobId, new LogText(reason), new LogText(name));
    }

    /// <summary>The names whose jobs were delivered within <see cref="Remembered"/>.</summary>
    public IReadOnlyList<string> Recent()
    {
        var since = time.GetUtcNow() - Remembered;
        lock (_gate)
            return [.. _seen.Where(seen => seen.Value >= since).Select(static seen => seen.Key).Order(StringComparer.Ordinal)];
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1105, Level = LogLevel.Warning,
            Message = "Job {JobId} waits. {Reason}. This is logged once for each job type; "
                + "further jobs of {JobName} wait without a line and are counted in asdamir.jobs.unknown")]
        public static partial void Unknown(ILogger logger, string jobId, LogText reason, LogText jobName);
    }
}
