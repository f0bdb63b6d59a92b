using System.Text.Json;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

/// <summary>Jobs that are still to be executed, and cannot be, or only by the wrong app.</summary>
internal sealed class JobChecks(JobStorage storage, IJobSearch search, TimeProvider time, CancellationToken cancellationToken)
{
    private const int MostOfAState = 10_000;
    private const int PageSize = 1_000;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private static readonly string[] States =
    [
        EnqueuedState.StateName, ScheduledState.StateName, AwaitingState.StateName, ProcessingState.StateName,
    ];

    private readonly Dictionary<string, (long Waiting, long Later)> _pending = new(StringComparer.Ordinal);

    /// <summary>How many jobs wait in each queue, and how many come later.</summary>
    public IReadOnlyDictionary<string, (long Waiting, long Later)> Pending => _pending;

    /// <summary>Whether all jobs were read.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <param name="app">Only jobs of this app; <see langword="null"/> for all.</param>
    public void Find(Findings findings, string? app)
    {
        foreach (var state in States)
        {
            var read = 0;
            foreach (var job in JobsIn(state, app))
            {
                read++;
                FindIn(findings, job, state);
            }
            IsComplete &= read < MostOfAState;
        }
        FindStrays(findings, app);
    }

    private IEnumerable<JobListItem> JobsIn(string state, string? app)
    {
        string? after = null;
        for (var read = 0; read < MostOfAState;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = search.Find(new JobQuery { State = state, Queue = app, OldestFirst = true, Size = PageSize, After = after });
            foreach (var job in page.Jobs)
                yield return job;
            read += page.Jobs.Count;
            after = page.Next;
            if (after is null)
                yield break;
        }
    }

    private void FindIn(Findings findings, JobListItem job, string state)
    {
        var (waiting, later) = _pending.GetValueOrDefault(job.Queue);
        if (state != ProcessingState.StateName)
            _pending[job.Queue] = state == EnqueuedState.StateName ? (waiting + 1, later) : (waiting, later + 1);
        if (!StoredEnvelope.TryRead(job.Invocation, out _, out var payload))
        {
            findings.AddJob(
                Of(
                    JobFindingKind.PlainJob, JobFindingSeverity.Warning, job,
                    "This is a job of plain Hangfire: only a process that allows its class executes it; elsewhere it fails.",
                    $"call AllowPlainJobs in the app '{job.Queue}', or delete the job"),
                job.Id);
        }
        else if (FaultOf(payload) is { } fault)
        {
            findings.AddJob(
                Of(
                    JobFindingKind.UnreadableJob, JobFindingSeverity.Error, job, $"It cannot be executed: {fault}",
                    "delete it, and enqueue it again in its app"),
                job.Id);
        }
        if (state == ScheduledState.StateName && StoredTime.Read(job.StateData.GetValueOrDefault("EnqueueAt")) is { } due
            && time.GetUtcNow().UtcDateTime - due > Tolerance)
        {
            findings.AddJob(
                Of(
                    JobFindingKind.OverdueJob, JobFindingSeverity.Error, job, "It is due, and no process has moved it into its queue.",
                    "start a server of the schema"),
                job.Id);
        }
        if (state == AwaitingState.StateName && FaultOfParent(job) is { } orphaned)
        {
            findings.AddJob(
                Of(
                    JobFindingKind.OrphanedContinuation, JobFindingSeverity.Error, job, orphaned,
                    "delete it, or enqueue it again in its app"),
                job.Id);
        }
    }

    private string? FaultOfParent(JobListItem job)
    {
        if (job.StateData.GetValueOrDefault("ParentId") is not { Length: > 0 } parent || time.GetUtcNow() - job.StateAt <= Tolerance)
            return null;
        using var connection = storage.GetConnection();
        if (JobTransitions.TryGet(connection, parent) is not { } data)
            return "The job that it continues is no longer stored, so it never starts.";
        if (data.State is not (nameof(JobState.Succeeded) or nameof(JobState.Deleted)))
            return null;
        // A parent that ended just now starts it in a moment.
        var at = connection.GetStateData(parent) is { } ended
            ? StoredTime.Read(JobLookup.Field(ended, "SucceededAt") ?? JobLookup.Field(ended, "DeletedAt"))
            : null;
        return at is null || time.GetUtcNow().UtcDateTime - at <= Tolerance
            ? null
            : $"The job that it continues is {data.State} and did not start it.";
    }

    private static string? FaultOf(string? payload)
    {
        try
        {
            var version = JobPayload.Read(payload).Version;
            return version <= JobPayload.CurrentVersion
                ? null
                : $"its data has version {version}, and this package reads up to {JobPayload.CurrentVersion}.";
        }
        catch (JsonException)
        {
            return "its stored data is not the JSON of a job.";
        }
    }

    private void FindStrays(Findings findings, string? app)
    {
        var monitoring = storage.GetMonitoringApi();
        foreach (var queue in search.Queues().Where(queue => app is null || queue.Name == app))
        {
            foreach (var (id, job) in WaitingIn(monitoring, queue.Name))
            {
                var own = job?.InvocationData?.Queue;
                if (job is null || own == queue.Name)
                    continue;
                var finding = new JobFinding
                {
                    Kind = own is null ? JobFindingKind.JobWithoutQueue : JobFindingKind.StrayJob,
                    Severity = JobFindingSeverity.Warning,
                    Target = $"queue {queue.Name}",
                    Value = own,
                    Message = own is null
                        ? "A job in this queue was stored without its queue: after a retry it is on 'default'."
                        : $"A job of the app '{own}' is in this queue; servers of this package return it, others would execute it.",
                    Fix = "enqueue jobs through IHangfireJobService of their app, which stores the queue with each job",
                };
                // An app without a queue stores none, and is on 'default'.
                if (own is not null || queue.Name != Isolation.AppIdentity.DefaultQueue)
                    findings.AddJob(finding, id);
            }
        }
    }

    private IEnumerable<KeyValuePair<string, EnqueuedJobDto>> WaitingIn(IMonitoringApi monitoring, string queue)
    {
        for (var read = 0; read < MostOfAState; read += PageSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = monitoring.EnqueuedJobs(queue, read, PageSize);
            foreach (var job in page)
                yield return job;
            if (page.Count < PageSize)
                yield break;
        }
        IsComplete = false;
    }

    private static JobFinding Of(JobFindingKind kind, JobFindingSeverity severity, JobListItem job, string message, string fix) => new()
    {
        Kind = kind,
        Severity = severity,
        Target = $"{StoredMethod.Cut(job.Name, StoredMethod.LongestName)} on {job.Queue}",
        Message = message,
        Fix = fix,
    };
}
