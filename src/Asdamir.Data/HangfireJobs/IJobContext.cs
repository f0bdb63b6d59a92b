using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// What a job type knows of the job it executes. Its services are those of its constructor, from the scope of the attempt; its token is the
/// parameter of <c>ExecuteAsync</c>, which is cancelled when the app stops, the job is deleted or its timeout has passed.
/// </summary>
public interface IJobContext
{
    /// <summary>The id of the job, as returned by <see cref="IHangfireJobService"/>.</summary>
    string JobId { get; }

    /// <summary>The name of the job type, as stored with the job.</summary>
    string JobName { get; }

    /// <summary>The app's queue (<see cref="HangfireJobsOptions.AppQueue"/>); <c>default</c> when none is configured.</summary>
    string App { get; }

    /// <summary>The number of this attempt, starting at 1. Only failures count; shutdowns and waits do not.</summary>
    int Attempt { get; }

    /// <summary>
    /// The number of attempts before the job stays failed: the first one and all retries. With several <see cref="RetryAttribute"/>, that
    /// of the rule with the most retries; an exception with a rule of fewer ends the job earlier.
    /// </summary>
    int MaxAttempts { get; }

    /// <summary>When the job was created (UTC).</summary>
    DateTimeOffset CreatedAt { get; }

    /// <summary>
    /// The id of the recurring job that created the job, as stored (with the app's prefix); otherwise <see langword="null"/>.
    /// </summary>
    string? RecurringJobId { get; }

    /// <summary>The id of the workflow that the job belongs to; otherwise <see langword="null"/>.</summary>
    string? WorkflowId { get; }

    /// <summary>
    /// The jobs of the workflow that the job has waited for, in the order in which they were added; empty when it has waited for none. Read
    /// at its first use, which blocks for a round trip to the database.
    /// </summary>
    IReadOnlyList<ParentJob> Parents { get; }

    /// <summary>The stored arguments as JSON; <see langword="null"/> for a job without arguments.</summary>
    string? ArgumentsJson { get; }

    /// <summary>
    /// Writes to the app's log and to the job's own log, which is kept with the job. The job's log holds the
    /// newest 64 KiB; one line holds at most 2,000 characters.
    /// </summary>
    ILogger Logger { get; }

    /// <summary>Reports the progress of the job. Cheap: stored at most once a second, and when the job ends.</summary>
    /// <param name="percent">0 to 100; values outside are clamped.</param>
    /// <param name="text">The current step, at most 200 characters (the rest is cut).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is not a number.</exception>
    void ReportProgress(double percent, string? text = null);

    /// <summary>
    /// Executes a step of the job once: when an earlier attempt has done it, its stored result is returned and
    /// <paramref name="work"/> is not called. A step that throws stores nothing. A process that dies after the step and before its result
    /// is stored executes it again, so pass what makes it repeatable (such as <see cref="JobId"/> as the idempotency key) to the outside.
    /// </summary>
    /// <typeparam name="T">The type of the result, which is stored as JSON.</typeparam>
    /// <param name="name">Its name, unique in the job; at most 100 characters.</param>
    /// <param name="work">Does the step.</param>
    /// <param name="ct">Handed to the step; by default the token of the attempt.</param>
    /// <returns>The result as read back from JSON, in every attempt. Completes when it is durable.</returns>
    /// <exception cref="ArgumentException">The name is empty, too long or has a control character.</exception>
    /// <exception cref="JobStepException">This attempt has a step of that name, a limit is reached, or the result cannot be stored or
    /// read.</exception>
    /// <exception cref="JobLostException">The job was moved away from this attempt; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">The attempt has ended.</exception>
    Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> work, CancellationToken ct = default);

    /// <summary>Executes a step that has no result once. See <see cref="StepAsync{T}"/>.</summary>
    /// <param name="name">Its name, unique in the job; at most 100 characters.</param>
    /// <param name="work">Does the step.</param>
    /// <param name="ct">Handed to the step; by default the token of the attempt.</param>
    /// <returns>Completes when it is durable that the step is done.</returns>
    /// <inheritdoc cref="StepAsync{T}" path="/exception"/>
    Task StepAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct = default);

    /// <summary>A value that says how far the job has come, from which its next attempt continues.</summary>
    /// <typeparam name="T">The type of the value, which is stored as JSON.</typeparam>
    /// <param name="name">Its name, unique in the job; at most 100 characters.</param>
    /// <returns>The cursor; another call with the same name returns the same value.</returns>
    /// <exception cref="ArgumentException">The name is empty, too long or has a control character.</exception>
    /// <exception cref="JobStepException">The job has too many cursors.</exception>
    IJobCursor<T> Cursor<T>(string name);

    /// <summary>
    /// Writes the success of the job into your transaction, on PostgreSQL: the job is Succeeded exactly when that commits, and what the
    /// transaction writes is there exactly once. Call it as the last statement, then commit and return a success. When the transaction
    /// does not commit, the attempt has failed.
    /// </summary>
    /// <param name="transaction">An open <c>NpgsqlTransaction</c> of a connection of yours to the database of the jobs.</param>
    /// <param name="output">A value to store with the job, as that of <see cref="JobResult.Success"/>.</param>
    /// <param name="ct">Has an effect until the first statement.</param>
    /// <returns>Completes when the transaction can be committed.</returns>
    /// <exception cref="JobLostException">The job was moved away from this attempt; the transaction was rolled back.</exception>
    /// <exception cref="NotSupportedException">The jobs are not stored in PostgreSQL by this package, or the transaction is not an
    /// <c>NpgsqlTransaction</c>.</exception>
    /// <exception cref="InvalidOperationException">It was called before with a transaction that is still open, or the attempt has ended.
    /// </exception>
    Task CompleteInAsync(DbTransaction transaction, object? output = null, CancellationToken ct = default);
}
