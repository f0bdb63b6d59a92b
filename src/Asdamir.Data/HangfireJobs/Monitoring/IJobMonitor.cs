using System.Reflection;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>
/// Shows the jobs of a schema and acts on them, on any storage. The JSON API, the health checks and the AdminConsole work over it. In
/// an app with an <c>AppQueue</c> it shows and touches the jobs of that app only.
/// </summary>
/// <remarks>
/// Calls to Hangfire's storage API block; they run on threads that are not of the thread pool. Cancelling a call ends the wait for it.
/// All members are safe for concurrent use. The monitor of an app belongs to its service container and need not be disposed.
/// </remarks>
public interface IJobMonitor : IDisposable
{
    /// <summary>The only app whose jobs are shown, by its queue; <see langword="null"/> for all apps of the schema.</summary>
    string? App { get; }

    /// <summary>Background actions of this process: those that are not finished, and the latest finished ones.</summary>
    IReadOnlyCollection<JobOperation> Operations { get; }

    /// <summary>Counts the jobs of the schema by state. Also with an <c>AppQueue</c>, these are the counts of the whole schema.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<JobStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists jobs, a page at a time.</summary>
    /// <param name="filter">Which jobs.</param>
    /// <param name="size">How many at most, from 1 to 1,000.</param>
    /// <param name="after">The <see cref="JobListing.Next"/> of the page before; <see langword="null"/> (the default) for the first
    /// page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is not a cursor of this storage, or another app is asked
    /// for.</exception>
    Task<JobListing> GetJobsAsync(JobListFilter filter, int size, string? after = null, CancellationToken cancellationToken = default);

    /// <summary>Counts jobs, up to a limit.</summary>
    /// <param name="filter">Which jobs.</param>
    /// <param name="limit">Where counting stops, from 1 to 1,000,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<long> CountJobsAsync(JobListFilter filter, int limit, CancellationToken cancellationToken = default);

    /// <summary>Counts jobs of each state, up to a limit for each.</summary>
    /// <param name="filter">Which jobs; its state is ignored.</param>
    /// <param name="limit">Where counting stops, from 1 to 1,000,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyDictionary<JobState, long>> CountJobsByStateAsync(
        JobListFilter filter, int limit, CancellationToken cancellationToken = default);

    /// <summary>Reads one job with its history.</summary>
    /// <param name="id">The id of the job.</param>
    /// <param name="app">The app it must belong to; <see langword="null"/> (the default) for any that is shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/> when there is no such job.</returns>
    Task<JobDetails?> FindJobAsync(string id, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the log of a job, oldest line first. The newest 64 KB of it are kept.</summary>
    /// <param name="id">The id of the job.</param>
    /// <param name="app">The app it must belong to; <see langword="null"/> (the default) for any that is shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/> when there is no such job.</returns>
    Task<IReadOnlyList<JobLogLine>?> GetJobLogAsync(string id, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the recurring jobs, by id.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<RecurringJobDetails>> GetRecurringJobsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads which apps have recurring jobs of which an occurrence is due and has not begun, the one that is late for longest first. Also
    /// when no process of the app runs.
    /// </summary>
    /// <param name="app">Only this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One entry for each app that has any.</returns>
    Task<IReadOnlyList<LateRecurringJobs>> GetLateRecurringJobsAsync(string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one recurring job.</summary>
    /// <param name="id">Its stored id, with the prefix of its app.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/> when there is no such recurring job.</returns>
    Task<RecurringJobDetails?> FindRecurringJobAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads how many jobs wait in each queue, for how long, whether it is paused, and which servers listen to it. A queue is listed when
    /// it has jobs, when a server listened to it within the last 24 hours, or when it is paused.
    /// </summary>
    /// <param name="app">Only the queue of this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<QueueSummary>> GetQueuesAsync(string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the limits that apps have declared with <see cref="LimitAttribute">[Limit]</see>, by queue and name.</summary>
    /// <param name="app">Only those of this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>None on a storage of another package, which does not observe limits.</returns>
    Task<IReadOnlyList<LimitSummary>> GetLimitsAsync(string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Lists workflows, the newest first, see <see cref="IJobWorkflow"/>.</summary>
    /// <param name="size">How many, from 1 to 1000.</param>
    /// <param name="before">Those before the one with this id; <see langword="null"/> (the default) to begin with the newest.</param>
    /// <param name="app">Only those of this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>None on a storage of another package, which has no workflows.</returns>
    Task<IReadOnlyList<WorkflowSummary>> GetWorkflowsAsync(
        int size, string? before = null, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Finds a workflow, with a page of its jobs and which of the others wait for those.</summary>
    /// <param name="id">The id of the workflow.</param>
    /// <param name="size">How many jobs, from 1 to 1000.</param>
    /// <param name="after">Those after the job with this id; <see langword="null"/> (the default) to begin with the first one.</param>
    /// <param name="app">Only one of this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    Task<WorkflowDetails?> FindWorkflowAsync(
        string id, int size, string? after = null, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the servers of the last 24 hours, also those that were stopped or have died; on a storage of another package, those
    /// that it still has.</summary>
    /// <param name="app">Only servers of this app's queue; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ServerSummary>> GetServersAsync(string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Reads how many jobs ended over time, oldest point first. The last point is the current minute or hour.</summary>
    /// <param name="unit">How much time a point covers.</param>
    /// <param name="count">How many points: minutes are kept for 3 hours, hours for 7 days.</param>
    /// <param name="app">Only this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<HistoryPoint>> GetHistoryAsync(
        HistoryStep unit, int count, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the job types with the most failed jobs.</summary>
    /// <param name="from">Only jobs that failed at this time or later.</param>
    /// <param name="size">How many at most, from 1 to 100.</param>
    /// <param name="app">Only this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<JobFailures>> GetFailuresAsync(
        DateTimeOffset from, int size, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Groups failed jobs by job type, app and kind of error: the type of the exception, the app's own methods in its stack trace, and its
    /// message without numbers, ids, quoted texts and values. Reads the newest 20,000 failed jobs; on a storage of another package, the
    /// newest 1,000.
    /// </summary>
    /// <param name="from">Only jobs that failed at this time or later.</param>
    /// <param name="size">How many groups at most, from 1 to 100.</param>
    /// <param name="app">Only this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The group with the most jobs first. Messages have their secrets masked.</returns>
    Task<JobFailureGroups> GetFailureGroupsAsync(
        DateTimeOffset from, int size, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Looks for what is wrong with the schema: jobs that an app could take from another one, that are never executed or have lost their
    /// app, queues without a server, recurring jobs that do not fire, servers that differ, and a database that is not fit.
    /// </summary>
    /// <param name="options">What it looks at; <see langword="null"/> (the default) for the default values, with which it only reads.
    /// </param>
    /// <param name="app">Only what concerns this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The findings, also when the tables are missing.</returns>
    Task<JobDiagnosis> DiagnoseAsync(
        JobDiagnosisOptions? options = null, string? app = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tries every job that is still to be executed against another build of an app: whether it has the job type, can read the arguments,
    /// and knows the steps that were done. Jobs that failed are tried, too, and recurring jobs. Nothing is executed except what reads
    /// the arguments.
    /// </summary>
    /// <param name="build">The assemblies of the build that contain job types, that of the app first.</param>
    /// <param name="options">How much it reads; <see langword="null"/> (the default) for the default values.</param>
    /// <param name="app">Only jobs of this app; <see langword="null"/> (the default) for all that are shown.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What could not be executed, and what was tried. On a storage of another package only recurring jobs are tried.</returns>
    /// <exception cref="ArgumentException">There is no assembly.</exception>
    Task<JobPreflight> PreflightAsync(
        IReadOnlyList<Assembly> build, JobPreflightOptions? options = null, string? app = null,
        CancellationToken cancellationToken = default);

    /// <summary>Carries out an action and waits for it. The audit records it before it begins, and its outcome.</summary>
    /// <param name="request">What, on what, and by whom.</param>
    /// <param name="progress">Gets the result so far, after every 50 jobs.</param>
    /// <param name="cancellationToken">Stops the action before its next job; the result names the first job that was left
    /// unchanged.</param>
    /// <exception cref="ArgumentException">
    /// The request has no target, more than one, or one that does not fit its kind; or its number is out of range.
    /// </exception>
    /// <exception cref="JobAuditException">The audit did not accept the action, so it was not carried out.</exception>
    Task<JobActionResult> ExecuteAsync(
        JobActionRequest request, IProgress<JobActionResult>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Begins an action that continues in the background. The latest 200 finished ones can be found.</summary>
    /// <inheritdoc cref="ExecuteAsync" path="/param"/>
    /// <exception cref="ArgumentException">
    /// The request has no target, more than one, or one that does not fit its kind; or its number is out of range.
    /// </exception>
    JobOperation Start(JobActionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Finds a background action by the id of its <see cref="JobAction"/>.</summary>
    /// <param name="id">The id.</param>
    /// <returns><see langword="null"/> when this process has not started it, or no longer keeps it.</returns>
    JobOperation? FindOperation(Guid id);
}
