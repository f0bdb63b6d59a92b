using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>The metrics of the app. Names follow OpenTelemetry where it defines them.</summary>
internal sealed class JobMetrics
{
    public const string MeterName = "Asdamir.Data.HangfireJobs";

    private const string Process = "process";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _workflows;
    private readonly Counter<long> _existed;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _unknown;
    private readonly Counter<long> _steps;
    private readonly UpDownCounter<long> _active;
    private readonly UpDownCounter<long> _stuck;

    public JobMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(MeterName);
        _duration = Meter.CreateHistogram(
            "messaging.process.duration", "s", "How long an attempt took.", null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]
            });
        _sent = Meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "How many jobs were enqueued.");
        _workflows = Meter.CreateCounter<long>("asdamir.jobs.workflows", "{workflow}", "How many workflows were stored.");
        _existed = Meter.CreateCounter<long>(
            "asdamir.jobs.existed", "{job}", "How many jobs were not stored, because another one has their key, by what became of that.");
        _attempts = Meter.CreateCounter<long>("asdamir.jobs", "{job}", "How many attempts ended, by outcome.");
        _unknown = Meter.CreateCounter<long>(
            "asdamir.jobs.unknown", "{job}", "How many deliveries were postponed because this build cannot execute the job.");
        _steps = Meter.CreateCounter<long>(
            "asdamir.jobs.steps", "{step}", "How many steps were done, or had been done by an earlier attempt.");
        _active = Meter.CreateUpDownCounter<long>("asdamir.jobs.active", "{job}", "How many jobs are being executed.");
        _stuck = Meter.CreateUpDownCounter<long>(
            "asdamir.jobs.stuck", "{job}", "How many jobs continue although their tokens were cancelled long ago.");
    }

    public Meter Meter { get; }

    public void Sent(string jobName, string app, int count = 1) => _sent.Add(count, Tags(jobName, app, "enqueue"));

    public void WorkflowSent(string app) => _workflows.Add(1, Tags(app));

    /// <param name="wasReplaced">Whether the jobs that have the keys got the arguments and the time of the call.</param>
    public void Existed(string jobName, string app, int count, bool wasReplaced)
    {
        var tags = Tags(jobName, app, "enqueue");
        tags.Add("asdamir.outcome", wasReplaced ? "replaced" : "skipped");
        _existed.Add(count, tags);
    }

    public void Unknown(string jobName, string app) => _unknown.Add(1, Tags(jobName, app, Process));

    /// <param name="wasDone">Whether an earlier attempt had done it.</param>
    public void Step(string jobName, string app, bool wasDone)
    {
        var tags = Tags(jobName, app, Process);
        tags.Add("asdamir.outcome", wasDone ? "reused" : "done");
        _steps.Add(1, tags);
    }

    /// <param name="change">1 for one more, -1 for one less.</param>
    public void Stuck(string jobName, string app, int change) => _stuck.Add(change, Tags(jobName, app, Process));

    public Execution Begin(string jobName, string app)
    {
        _active.Add(1, Tags(jobName, app, Process));
        return new Execution(this, jobName, app);
    }

    public static TagList Tags(string app) => new() { { "messaging.system", "hangfire" }, { "messaging.destination.name", app } };

    private static TagList Tags(string jobName, string app, string operation)
    {
        var tags = Tags(app);
        tags.Add("messaging.operation.name", operation);
        tags.Add("asdamir.job.name", jobName);
        return tags;
    }

    /// <summary>One attempt; disposing it records how it ended.</summary>
    public struct Execution(JobMetrics metrics, string jobName, string app) : IDisposable
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private string _outcome = "failed";
        private string? _errorType;

        public void Succeed() => _outcome = "succeeded";

        /// <summary>It ended without a result: the job waits, or was returned to its queue.</summary>
        public void Postpone() => _outcome = "postponed";

        public void Fail(Exception exception) => _errorType = exception.GetType().FullName;

        public readonly void Dispose()
        {
            var tags = Tags(jobName, app, Process);
            metrics._active.Add(-1, tags);
            if (_errorType is not null)
                tags.Add("error.type", _errorType);
            metrics._duration.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, tags);
            tags.Add("asdamir.outcome", _outcome);
            metrics._attempts.Add(1, tags);
        }
    }
}
