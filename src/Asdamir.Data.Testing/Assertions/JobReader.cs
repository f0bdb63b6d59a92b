using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.Testing.Assertions;

/// <summary>Reads jobs for tests.</summary>
internal sealed class JobReader(IJobMonitor monitor, ManualJobServer server)
{
    private const int PageSize = 1_000;

    /// <summary>All jobs, in the order in which they were created.</summary>
    public async Task<IReadOnlyList<EnqueuedJob>> AllAsync()
    {
        List<EnqueuedJob> jobs = [];
        string? next = null;
        do
        {
            var page = await monitor.GetJobsAsync(new JobListFilter(), PageSize, next).ConfigureAwait(false);
            foreach (var job in page.Jobs)
            {
                if (await monitor.FindJobAsync(job.Id).ConfigureAwait(false) is { } details)
                    jobs.Add(JobOf(job.State, details));
            }
            next = page.Next;
        }
        while (next is not null);
        return [.. jobs.OrderBy(static job => job.Id.Length).ThenBy(static job => job.Id, StringComparer.Ordinal)];
    }

    /// <summary>The job after an attempt.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="result">What it returned; <see langword="null"/> when it was not called.</param>
    public async Task<JobRun> RunOfAsync(string jobId, JobResult? result)
    {
        var details = await monitor.FindJobAsync(jobId).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"Job '{jobId}' was removed from the storage while it was executed.");
        return new JobRun
        {
            JobId = jobId,
            JobName = details.Name,
            State = Enum.Parse<JobState>(details.State),
            Result = result,
            Reason = details.Reason,
            DueAt = details.DueAt,
            Log = await monitor.GetJobLogAsync(jobId).ConfigureAwait(false) ?? [],
            Progress = details.Progress,
            Steps = details.Steps,
            Cursors = details.Cursors,
        };
    }

    /// <summary>The message of the latest failure of a job, which may be retried; <see langword="null"/> when it has none.</summary>
    public async Task<string?> LatestFailureAsync(string jobId)
    {
        var details = await monitor.FindJobAsync(jobId).ConfigureAwait(false);
        var failed = details?.History.FirstOrDefault(static entry => entry.State == nameof(JobState.Failed));
        return failed?.Data.GetValueOrDefault("ExceptionMessage");
    }

    private EnqueuedJob JobOf(JobState state, JobDetails details) => new()
    {
        Id = details.Id,
        Name = details.Name,
        State = state,
        ArgumentsJson = server.ArgumentsOf(details.Id),
        DueAt = details.DueAt,
        ParentId = details.ParentId,
        RecurringJobId = details.RecurringJobId,
    };
}
