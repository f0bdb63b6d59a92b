using System.Data.Common;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The end of a job in its own transaction: the job is Succeeded exactly when that commits. Only the database knows whether it did,
/// so it is asked when the job has returned and its scope is disposed.
/// </summary>
internal sealed class AttemptEnd(PerformContext context, JobThreads threads, TimeProvider time)
{
    private static readonly string[] BeforeEnd = [ProcessingState.StateName];
    private static readonly TimeSpan OutageDelay = TimeSpan.FromSeconds(1);

    private readonly long _started = time.GetTimestamp();
    private readonly AttemptToken? _claim = context.CancellationToken as AttemptToken;
    private NpgsqlTransaction? _transaction;

    /// <summary>Whether the job wanted to end in a transaction.</summary>
    public bool WasAskedFor => _transaction is not null;

    /// <summary>Whether that transaction has committed, so that there is nothing left to write.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>Whether the transaction was refused because the job was moved away from this attempt.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The stored result of the job.</summary>
    public string? Stored { get; private set; }

    /// <exception cref="NotSupportedException">The storage or the transaction is none of PostgreSQL.</exception>
    /// <exception cref="InvalidOperationException">A transaction that is still open is to end the job.</exception>
    public void Begin(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (_claim is null || context.Storage is not PostgreSqlJobStorage || transaction is not NpgsqlTransaction open)
        {
            throw new NotSupportedException(
                "A job can end in its own transaction only when jobs are stored in PostgreSQL by this package and the transaction is an "
                    + $"NpgsqlTransaction; here the storage is {context.Storage} and the transaction {transaction.GetType().Name}. Fix: "
                    + $"set {HangfireJobsOptions.SectionName}:Storage:Provider to PostgreSql and pass the transaction of a connection to "
                    + "that database, or return JobResult.Success and make the work repeatable.");
        }
        if (_transaction is { } earlier && IsOpen(earlier))
        {
            throw new InvalidOperationException(
                $"Job {context.BackgroundJob.Id} is already to end in a transaction that is still open. "
                    + "Fix: call CompleteInAsync once in a transaction, and roll it back before you try again in another one.");
        }
        _transaction = open;
    }

    /// <summary>Writes the end into the transaction. Blocks for a few round trips, on a thread for that.</summary>
    /// <exception cref="JobLostException">The job was moved away from this attempt; the transaction was rolled back.</exception>
    public async Task WriteAsync(object? output, ILogger log)
    {
        Stored = StoredResult.Write(JobResult.Success(output: output), log);
        await threads.SwitchTo(context.CancellationToken);
        var latency = time.GetUtcNow().UtcDateTime - context.BackgroundJob.CreatedAt;
        var state = new SucceededState(Stored, (long)latency.TotalMilliseconds, (long)time.GetElapsedTime(_started).TotalMilliseconds);
        try
        {
            _claim!.EndIn(
                _transaction!, new StateChange(state, BeforeEnd) { CustomData = new Dictionary<string, object>(context.Items) });
        }
        catch (InvalidOperationException exception) when (_claim!.IsClaimLost)
        {
            IsLost = true;
            _claim.Lose();
            throw new JobLostException(
                $"Job {context.BackgroundJob.Id} was given to another worker, deleted or requeued while this attempt executed it, so its "
                    + "transaction was rolled back. Let this exception end the attempt.",
                exception);
        }
    }

    /// <summary>Finds out whether the transaction has committed.</summary>
    public async Task SettleAsync(CancellationToken impatience)
    {
        while (WasAskedFor)
        {
            await threads.SwitchTo(context.CancellationToken);
            try
            {
                IsCommitted = _claim!.WasEndedInTransaction();
                if (IsCommitted)
                    _claim.End();
                return;
            }
            catch (JobStorageUnavailableException) when (!impatience.IsCancellationRequested)
            {
                await Task.Delay(OutageDelay, time, impatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool IsOpen(NpgsqlTransaction transaction)
    {
        try
        {
            return transaction.Connection is not null;
        }
        catch (InvalidOperationException)
        {
            // Npgsql reports an ended transaction this way.
            return false;
        }
    }
}
