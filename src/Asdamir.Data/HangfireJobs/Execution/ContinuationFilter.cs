using System.Diagnostics;
using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Starts the continuations of a job in the commit that ends it, and deletes those whose condition is not met.
/// Hangfire's filter commits each of them earlier: when the process then dies, or its commit is refused, the
/// continuations start although their parent is executed again. A storage whose transactions cannot lock keeps Hangfire's filter.
/// </summary>
internal sealed class ContinuationFilter(IBackgroundJobStateChanger changer) : IElectStateFilter, IApplyStateFilter
{
    /// <summary>The order of Hangfire's filter: after all others, so that it sees the final state.</summary>
    public const int Order = 1000;

    private static readonly HashSet<string> FinalStates = new(StringComparer.OrdinalIgnoreCase)
    {
        SucceededState.StateName, DeletedState.StateName
    };
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CreationTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CreationPause = TimeSpan.FromMilliseconds(100);

    private readonly ILog _log = LogProvider.GetLogger(typeof(ContinuationFilter));
    private readonly ContinuationsSupportAttribute _hangfires = new(false, FinalStates, changer);
    private readonly ConditionalWeakTable<IWriteOnlyTransaction, Queue<ApplyStateContext>> _ended = [];

    public void OnStateElection(ElectStateContext context)
    {
        var transaction = Joint(context.Storage, context.Transaction);
        if (context.CandidateState is AwaitingState awaiting)
        {
            // Held until the waiting job is committed; a parent that ends earlier would not find it.
            transaction?.AcquireDistributedJobLock(awaiting.ParentId, LockTimeout);
            _hangfires.OnStateElection(context);
        }
        else if (transaction is null)
        {
            _hangfires.OnStateElection(context);
        }
    }

    // A job that is deleted here ends, too, and is processed in turn. A queue keeps long chains from filling the stack.
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (!FinalStates.Contains(context.NewState.Name) || Joint(context.Storage, transaction) is not { } joint)
            return;
        if (_ended.TryGetValue(joint, out var ended))
        {
            ended.Enqueue(context);
            return;
        }
        ended = new Queue<ApplyStateContext>([context]);
        _ended.Add(joint, ended);
        // A job that is changed here still waits in the database. Jobs may wait for each other in a circle.
        HashSet<string> moved = [context.BackgroundJob.Id];
        try
        {
            while (ended.TryDequeue(out var next))
                Start(next, joint, moved, ended);
        }
        finally
        {
            _ended.Remove(joint);
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }

    private static JobStorageTransaction? Joint(JobStorage storage, IWriteOnlyTransaction transaction) =>
        transaction is JobStorageTransaction joint && storage.HasFeature(JobStorageFeatures.Transaction.AcquireDistributedLock)
            ? joint
            : null;

    private void Start(
        ApplyStateContext ended, JobStorageTransaction transaction, HashSet<string> moved, Queue<ApplyStateContext> alsoEnded)
    {
        // Read under the lock of the job, under which the list is extended.
        var stored = ended.BackgroundJob.ParametersSnapshot is not { } known
            ? ended.Connection.GetJobParameter(ended.BackgroundJob.Id, Continuation.Parameter)
            : known.TryGetValue(Continuation.Parameter, out var list) ? list : null;
        // Locked in one global order, that of creation.
        foreach (var continuation in Continuation.ReadList(stored).DistinctBy(static entry => entry.JobId)
            .OrderBy(static entry => entry.JobId.Length).ThenBy(static entry => entry.JobId, StringComparer.Ordinal))
        {
            // Only waiting jobs are locked: a worker that executes one would have to retry.
            if (moved.Contains(continuation.JobId) || !Waits(Read(ended, continuation.JobId), ended))
                continue;
            transaction.AcquireDistributedJobLock(continuation.JobId, LockTimeout);
            if (ended.Connection.GetStateData(continuation.JobId) is not { } waiting || !Waits(waiting, ended))
                continue;
            moved.Add(continuation.JobId);
            var next = Starts(continuation.Options, ended.NewState.Name)
                ? StoredNextState.Read(waiting)
                : new DeletedState { Reason = "Continuation condition was not met" };
            var applied = changer.ChangeState(new StateChangeContext(
                ended.Storage, ended.Connection, transaction, continuation.JobId, next, [AwaitingState.StateName], CancellationToken.None));
            if (applied is FailedState)
                Forget(continuation.JobId, alsoEnded);
        }
    }

    // A later filter has failed, so the job has not ended.
    private static void Forget(string jobId, Queue<ApplyStateContext> ended)
    {
        List<ApplyStateContext> others = [.. ended.Where(context => context.BackgroundJob.Id != jobId)];
        ended.Clear();
        others.ForEach(ended.Enqueue);
    }

    private static bool Waits(StateData? state, ApplyStateContext ended) =>
        state?.Name == AwaitingState.StateName && state.Data.TryGetValue(nameof(AwaitingState.ParentId), out var parentId)
            && parentId == ended.BackgroundJob.Id;

    private static bool Starts(JobContinuationOptions options, string state) =>
        options == JobContinuationOptions.OnAnyFinishedState
        || (options.HasFlag(JobContinuationOptions.OnlyOnSucceededState)
            && state.Equals(SucceededState.StateName, StringComparison.OrdinalIgnoreCase))
        || (options.HasFlag(JobContinuationOptions.OnlyOnDeletedState)
            && state.Equals(DeletedState.StateName, StringComparison.OrdinalIgnoreCase));

    // Some storages create, list and suspend a continuation in three commits. Its creator's clock may be wrong.
    private StateData? Read(ApplyStateContext ended, string jobId)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (ended.Connection.GetStateData(jobId) is { } state)
                return state;
            if (ended.Connection.GetJobData(jobId) is not { } job
                || DateTime.UtcNow - job.CreatedAt.ToUniversalTime() > CreationTimeout
                || Stopwatch.GetElapsedTime(started) > CreationTimeout)
            {
                _log.Warn(
                    $"The job {jobId} waits for the job {ended.BackgroundJob.Id}, which has ended, and was not started: "
                        + "it does not exist or was never completed.");
                return null;
            }
            Thread.Sleep(CreationPause);
        }
    }
}
