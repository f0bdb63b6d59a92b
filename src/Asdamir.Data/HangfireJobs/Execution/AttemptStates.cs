using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Logging;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Changes the state of a claimed job, with filters, and awaits the commit. As with Hangfire's worker, a change that fails is retried, and
/// after the last try the job fails without its filters. A change that needs a job which another transaction keeps is no failure: it waits.
/// </summary>
internal sealed class AttemptStates(JobStorage storage, IBackgroundJobStateChanger changer, JobThreads threads, TimeProvider time)
{
    private const int MaxTries = 10;

    private static readonly TimeSpan PauseForOthers = TimeSpan.FromSeconds(1);

    private readonly ILog _log = LogProvider.GetLogger(typeof(JobDispatcher));

    /// <param name="claimed">The job.</param>
    /// <param name="attempt">The token of the attempt.</param>
    /// <param name="change">The change.</param>
    /// <param name="handedOver">Called whenever the commit is on its way.</param>
    /// <param name="abort">Ends the tries.</param>
    /// <returns>The state that was applied; <see langword="null"/> when the job was left alone.</returns>
    public async Task<(IState? Applied, BackgroundJob? Job)> ChangeAsync(
        IClaimedJob claimed, object attempt, StateChange change, Action? handedOver, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        Exception? error = null;
        var hasWarned = false;
        for (var tries = 0; tries < MaxTries;)
        {
            var pause = TimeSpan.FromSeconds(tries);
            try
            {
                return await TryChangeAsync(claimed, change, handedOver).ConfigureAwait(false);
            }
            catch (DistributedLockTimeoutException exception) when (IsOfAJob(exception.Resource))
            {
                if (!hasWarned)
                    _log.Warn($"The change of job {claimed.JobId} to {change.State.Name} waits. {exception.Message}");
                hasWarned = true;
                pause = PauseForOthers;
            }
            catch (Exception exception)
            {
                tries++;
                _log.DebugException($"Try {tries} of {MaxTries} to change the state of job {claimed.JobId} failed.", exception);
                error = exception;
            }
            await Task.Delay(pause, time, abort).ConfigureAwait(false);
            await threads.SwitchTo(attempt);
        }
        _log.ErrorException(
            $"The state of job {claimed.JobId} could not be changed to {change.State.Name} in {MaxTries} tries; the job fails.", error);
        var failed = new FailedState(error!, claimed.ServerId)
        {
            Reason = $"Failed to change state to a '{change.State.Name}' one due to an exception after {MaxTries} retry attempts",
        };
        return await TryChangeAsync(claimed, change with { State = failed, IsWithoutFilters = true, CustomData = null }, handedOver)
            .ConfigureAwait(false);
    }

    /// <summary>Writes a change into a transaction of the job, with all that belongs to it, such as the start of continuations.</summary>
    /// <exception cref="InvalidOperationException">The job was moved away, see <see cref="IClaimedJob.IsLost"/>.</exception>
    public void ChangeIn(NpgsqlTransaction open, IClaimedJob claimed, StateChange change)
    {
        using var connection = ((PostgreSqlJobStorage)storage).InTransaction(open, claimed);
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        changer.ChangeState(HangfireParts.NewStateChangeContext(
            storage, connection, transaction, claimed.JobId, claimed.ServerId, change with { Completed = claimed }));
        transaction.Commit();
    }

    // Hangfire's lock around a change of state: of the job, or of one that waits for it.
    private static bool IsOfAJob(string? resource) =>
        resource is not null
        && resource.StartsWith("job:", StringComparison.Ordinal)
        && resource.EndsWith(":state-lock", StringComparison.Ordinal);

    private async Task<(IState? Applied, BackgroundJob? Job)> TryChangeAsync(IClaimedJob claimed, StateChange change, Action? handedOver)
    {
        using var transaction = (JobStorageTransaction)claimed.Connection.CreateWriteTransaction();
        var context = HangfireParts.NewStateChangeContext(
            storage, claimed.Connection, transaction, claimed.JobId, claimed.ServerId, change);
        if (changer.ChangeState(context) is not { } applied)
            return default;
        var commit = ((IAwaitableTransaction)transaction).CommitAsync();
        handedOver?.Invoke();
        await commit.ConfigureAwait(false);
        return (applied, context.ProcessedJob);
    }
}
