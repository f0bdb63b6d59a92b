using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>
/// The state changes a person or an app may ask for, with the rules that keep them safe for every app of the
/// schema: the state a run is moved from is always given, and nothing that is queued or being executed is queued again.
/// </summary>
internal sealed class RunMoves(JobStorage storage, IJobFilterProvider filters, TimeProvider time)
{
    private readonly BackgroundJobStateChanger _stateChanger = new(filters);

    /// <param name="runId">The run.</param>
    /// <param name="reason">Shown in its history.</param>
    /// <param name="isMine">Which queues the caller may act on.</param>
    /// <param name="expected">The state the caller has seen; <see langword="null"/> for the one found now.</param>
    public RunActionResult Requeue(string runId, string? reason, Func<string, bool> isMine, string? expected = null)
    {
        using var connection = storage.GetConnection();
        if (Load(connection, runId, isMine, expected, out var run) is { } fault)
            return RunActionResult.Refused(fault);
        if (run.LoadException is { } error)
            return RunActionResult.Refused($"Run {runId} cannot be loaded by this process, so it was left as it is: {(error.InnerException ?? error).Message}");

        if (run.State is not ("Failed" or "Deleted" or "Succeeded" or "Scheduled"))
            return RunActionResult.Refused($"Run {runId} is {run.State}: requeueing it would execute it twice.");
        // A due run is moved without loading it, so its state lags behind: it may be in the queue already.
        if (run.State == ScheduledState.StateName && IsDue(connection, runId))
            return RunActionResult.Refused($"Run {runId} is due and already waiting in its queue.");

        return TryChange(connection, runId, new RequeuedState { Reason = reason }, run.State);
    }

    /// <inheritdoc cref="Requeue"/>
    public RunActionResult Delete(string runId, string? reason, Func<string, bool> isMine, string? expected = null)
    {
        using var connection = storage.GetConnection();
        if (Load(connection, runId, isMine, expected, out var run) is { } fault)
            return RunActionResult.Refused(fault);
        return run.State == DeletedState.StateName
            ? RunActionResult.Refused($"Run {runId} is already deleted.")
            : TryChange(connection, runId, new DeletedState { Reason = reason }, run.State);
    }

    /// <summary>Moves a run whose state is still <paramref name="from"/>.</summary>
    public RunActionResult Change(IStorageConnection connection, string runId, IState to, string from) =>
        _stateChanger.ChangeState(new StateChangeContext(storage, connection, runId, to, from)) is { } applied
            ? applied.Name == to.Name
                ? RunActionResult.Success
                : RunActionResult.Refused($"Run {runId} became {applied.Name} instead of {to.Name}: {applied.Reason}")
            : RunActionResult.Refused($"Run {runId} is no longer {from}.");

    /// <summary>The queue a run lives on, whoever moves it.</summary>
    public static string QueueOf(JobData run) => run.Job?.Queue ?? run.InvocationData?.Queue ?? EnqueuedState.DefaultQueue;

    public bool IsDue(IStorageConnection connection, string runId) =>
        connection.GetStateData(runId) is { Name: "Scheduled" } state
        && state.Data.TryGetValue("EnqueueAt", out var at)
        && StoredTime.Read(at) <= time.GetUtcNow().UtcDateTime;

    // Hangfire's filters read parameters of the run, which anybody may have written.
    private RunActionResult TryChange(IStorageConnection connection, string runId, IState to, string from)
    {
        try
        {
            return Change(connection, runId, to, from);
        }
        catch (Exception exception) when (exception is Newtonsoft.Json.JsonException or System.Text.Json.JsonException)
        {
            return RunActionResult.Refused($"Run {runId} cannot become {to.Name}, as what is stored with it is broken: {exception.Message}");
        }
    }

    private string? Load(IStorageConnection connection, string runId, Func<string, bool> isMine, string? expected, out JobData run)
    {
        ArgumentNullException.ThrowIfNull(runId);
        run = TryGet(connection, runId)!;
        return run is null || !isMine(QueueOf(run)) ? $"There is no run '{runId}'."
            : expected is not null && run.State != expected && !IsSeenAs(connection, runId, run.State, expected) ? $"Run {runId} is no longer {expected}: it is {run.State}."
            : null;
    }

    // A due run is shown as enqueued, and so that is the state the caller has seen.
    private bool IsSeenAs(IStorageConnection connection, string runId, string stored, string expected) =>
        expected == EnqueuedState.StateName && stored == ScheduledState.StateName && IsDue(connection, runId);

    /// <returns><see langword="null"/> when there is no such run, also when the storage cannot even parse the id.</returns>
    public static JobData? TryGet(IStorageConnection connection, string runId)
    {
        try
        {
            return connection.GetJobData(runId);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
