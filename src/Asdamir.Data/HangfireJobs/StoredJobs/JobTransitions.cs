using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The state changes that a user or an app may request, with the rules that keep them safe for every app of the
/// schema: the expected state is always checked, and a job that is queued or executing is never queued again.
/// </summary>
internal sealed class JobTransitions(JobStorage storage, IJobFilterProvider filters, TimeProvider time)
{
    private readonly BackgroundJobStateChanger _stateChanger = new(filters);

    /// <param name="jobId">The job.</param>
    /// <param name="reason">The reason, shown in the job's history.</param>
    /// <param name="isMine">Whether the caller may act on a queue.</param>
    /// <param name="expected">The state that the caller saw; <see langword="null"/> for the current one.</param>
    public JobActionResult Requeue(string jobId, string? reason, Func<string, bool> isMine, string? expected = null)
    {
        using var connection = storage.GetConnection();
        if (Load(connection, jobId, isMine, expected, out var job) is { } fault)
            return JobActionResult.Refused(jobId, fault);
        if (job.LoadException is { } error)
        {
            return JobActionResult.Refused(
                jobId, $"Job {jobId} cannot be loaded by this process, so it was left as it is: {(error.InnerException ?? error).Message}");
        }

        if (job.State is not ("Failed" or "Deleted" or "Succeeded" or "Scheduled"))
            return JobActionResult.Refused(jobId, $"Job {jobId} is {job.State}: requeueing it would execute it twice.");
        // A due job is enqueued without loading it, so its state lags behind: it may be in the queue already.
        if (job.State == ScheduledState.StateName && IsDue(connection, jobId))
            return JobActionResult.Refused(jobId, $"Job {jobId} is due and already waiting in its queue.");

        return TryChange(connection, jobId, new RequeuedState { Reason = reason }, job.State);
    }

    /// <inheritdoc cref="Requeue"/>
    public JobActionResult Delete(string jobId, string? reason, Func<string, bool> isMine, string? expected = null)
    {
        using var connection = storage.GetConnection();
        if (Load(connection, jobId, isMine, expected, out var job) is { } fault)
            return JobActionResult.Refused(jobId, fault);
        return job.State == DeletedState.StateName
            ? JobActionResult.Refused(jobId, $"Job {jobId} is already deleted.")
            : TryChange(connection, jobId, new DeletedState { Reason = reason }, job.State);
    }

    /// <summary>Changes a job whose state is still <paramref name="from"/>.</summary>
    public JobActionResult Change(IStorageConnection connection, string jobId, IState to, string from) =>
        _stateChanger.ChangeState(new StateChangeContext(storage, connection, jobId, to, from)) is { } applied
            ? applied.Name == to.Name
                ? JobActionResult.Success
                : JobActionResult.Refused(jobId, $"Job {jobId} became {applied.Name} instead of {to.Name}: {applied.Reason}")
            : JobActionResult.Refused(jobId, $"Job {jobId} is no longer {from}.");

    /// <summary>The job's queue, whichever process moves it.</summary>
    public static string QueueOf(JobData job) => job.Job?.Queue ?? job.InvocationData?.Queue ?? EnqueuedState.DefaultQueue;

    public bool IsDue(IStorageConnection connection, string jobId) =>
        connection.GetStateData(jobId) is { Name: "Scheduled" } state
        && state.Data.TryGetValue("EnqueueAt", out var at)
        && StoredTime.Read(at) <= time.GetUtcNow().UtcDateTime;

    // Hangfire's filters read parameters of the job, which any process may have written.
    private JobActionResult TryChange(IStorageConnection connection, string jobId, IState to, string from)
    {
        try
        {
            return Change(connection, jobId, to, from);
        }
        catch (JobKeyTakenException exception)
        {
            return JobActionResult.Refused(jobId, exception.Message);
        }
        catch (Exception exception) when (exception is Newtonsoft.Json.JsonException or System.Text.Json.JsonException)
        {
            return JobActionResult.Refused(
                jobId, $"Job {jobId} cannot become {to.Name}, because its stored data is corrupt: {exception.Message}");
        }
    }

    private string? Load(IStorageConnection connection, string jobId, Func<string, bool> isMine, string? expected, out JobData job)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        job = TryGet(connection, jobId)!;
        return job is null || !isMine(QueueOf(job)) ? $"There is no job '{jobId}'."
            : expected is not null && job.State != expected && !IsSeenAs(connection, jobId, job.State, expected)
                ? $"Job {jobId} is no longer {expected}: it is {job.State}."
            : null;
    }

    // A due job is shown as enqueued, so the caller saw that state.
    private bool IsSeenAs(IStorageConnection connection, string jobId, string stored, string expected) =>
        expected == EnqueuedState.StateName && stored == ScheduledState.StateName && IsDue(connection, jobId);

    /// <returns><see langword="null"/> when there is no such job, also when the storage cannot parse the id.</returns>
    public static JobData? TryGet(IStorageConnection connection, string jobId)
    {
        try
        {
            return connection.GetJobData(jobId);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
