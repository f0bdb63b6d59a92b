using System.Reflection;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Monitoring.Preflight;

/// <summary>Tries the jobs of a schema against a build.</summary>
internal sealed class BuildPreflight(JobStorage storage, RecurringJobs recurring, SecretMask mask, TimeProvider time)
{
    private const int PageSize = 1_000;

    // Each job whose steps are read takes a statement.
    private const int MostWithSteps = 2_000;

    private static readonly string[] States =
    [
        EnqueuedState.StateName, ScheduledState.StateName, AwaitingState.StateName, ProcessingState.StateName, FailedState.StateName,
    ];

    private readonly JobMetadata _notes = new(storage);

    public JobPreflight Run(
        IReadOnlyList<Assembly> build, JobPreflightOptions options, string? app, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var trial = new PayloadTrial(BuildContent.Read(build, findings, time.GetUtcNow()), findings, mask);
        var isComplete = storage is IJobSearch;
        if (storage is IJobSearch search)
        {
            var steps = new StepTexts(build);
            foreach (var state in States)
            {
                var withSteps = 0;
                foreach (var job in Both(search, new JobQuery { State = state, Queue = app, Size = PageSize }, options.MostJobs))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (job is null)
                    {
                        isComplete = false;
                        continue;
                    }
                    Try(trial, findings, job, state);
                    if (HasBegun(job) && steps.IsComplete && withSteps++ < MostWithSteps)
                        FindSteps(findings, steps, job);
                }
            }
        }
        foreach (var entry in recurring.List().Where(entry => app is null || entry.Queue == app))
            Try(trial, findings, entry, build[0]);
        return new JobPreflight { Findings = findings.Sorted, Tried = trial.Tried, IsComplete = isComplete };
    }

    private static bool HasBegun(JobListItem job) => job.StartedAt is not null || job.State == FailedState.StateName;

    // The oldest jobs, then the newest: their arguments are of the earliest and of the latest builds.
    private static IEnumerable<JobListItem?> Both(IJobSearch search, JobQuery query, int most)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var oldestFirst in (bool[])[true, false])
        {
            string? after = null;
            for (var left = oldestFirst ? (most + 1) / 2 : most / 2; left > 0;)
            {
                var page = search.Find(query with { OldestFirst = oldestFirst, After = after, Size = Math.Min(left, PageSize) });
                foreach (var job in page.Jobs)
                {
                    if (!seen.Add(job.Id))
                        yield break;
                    yield return job;
                }
                left -= page.Jobs.Count;
                after = page.Next;
                if (after is null)
                    yield break;
            }
        }
        yield return null;
    }

    private static void Try(PayloadTrial trial, Findings findings, JobListItem job, string state)
    {
        // A failed job is executed only after a requeue.
        var severity = state == FailedState.StateName ? JobFindingSeverity.Warning : JobFindingSeverity.Error;
        if (StoredEnvelope.TryRead(job.Invocation, out var name, out var payload))
        {
            trial.TryJob(name, payload, job.Id, job.Queue, severity);
            return;
        }
        findings.AddJob(
            new JobFinding
            {
                Kind = JobFindingKind.PlainJob,
                Severity = JobFindingSeverity.Warning,
                Target = $"{StoredMethod.NameOf(job.Invocation)} on {job.Queue}",
                Message = "This is a job of plain Hangfire, which is not tried.",
                Fix = "make sure that the build has the method and allows its class with AllowPlainJobs",
            },
            job.Id);
    }

    private void FindSteps(Findings findings, StepTexts texts, JobListItem job)
    {
        foreach (var step in StepNotes.ReadSteps(_notes, job.Id).Where(step => !texts.Contain(step.Name)))
        {
            var name = StoredMethod.Cut(step.Name, StoredMethod.LongestName);
            findings.AddJob(
                new JobFinding
                {
                    Kind = JobFindingKind.StepMissing,
                    Severity = JobFindingSeverity.Warning,
                    Target = $"{StoredMethod.Cut(job.Name, StoredMethod.LongestName)} on {job.Queue}",
                    Value = mask.Of(name),
                    Message = $"The job has done the step '{mask.Of(name)}', and the code of the build has no such text: "
                        + "under another name it is done again.",
                    Fix = "keep the name of the step, or deploy when these jobs have ended",
                },
                job.Id);
        }
    }

    private static void Try(PayloadTrial trial, Findings findings, RecurringJobRecord entry, Assembly app)
    {
        if (entry.Stored is { } stored && StoredEnvelope.TryRead(stored, out var name, out var payload))
        {
            // The app removes what it declared and no longer declares.
            var isRemoved = entry.DeclaredBy?.EndsWith($"|{app.GetName().Name}", StringComparison.Ordinal) == true;
            trial.TryRecurring(name, payload, entry.StoredId, isRemoved);
            return;
        }
        findings.Add(new JobFinding
        {
            Kind = entry.Stored is null ? JobFindingKind.RecurringJobUnreadable : JobFindingKind.RecurringJobPlain,
            Severity = JobFindingSeverity.Warning,
            Target = $"recurring job {entry.StoredId}",
            Message = "It has no job of this package that can be read, so it is not tried.",
            Fix = "see what 'doctor' says about it",
        });
    }
}
