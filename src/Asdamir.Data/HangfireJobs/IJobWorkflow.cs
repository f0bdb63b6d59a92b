using System.Diagnostics.CodeAnalysis;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// A workflow that is being built: jobs of this app, of which each may wait for others. Nothing is stored before <see cref="CommitAsync"/>.
/// A job begins in the commit that ends the last one it waits for, whichever process that is. It is used by one thread at a time.
/// </summary>
[SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "It reads as a sentence: after, when.")]
public interface IJobWorkflow : IAsyncDisposable
{
    /// <summary>Adds a job without arguments.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="after">The jobs it waits for. The default value is <see langword="null"/>: none, it begins with the workflow.</param>
    /// <param name="when">For which end of all of them it waits.</param>
    /// <param name="options">
    /// Its <see cref="JobOptions.Priority"/> and <see cref="JobOptions.FairnessKey"/>, and for one that waits for none
    /// <see cref="JobOptions.RunAt"/> or <see cref="JobOptions.Delay"/>. The default value is <see langword="null"/>: none.
    /// </param>
    /// <returns>The job, for others to wait for.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="after"/> belongs to another workflow, or an option is invalid or not possible here.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The workflow is committed or too large, or the job type is unknown or has keys, see <see cref="UniqueAttribute"/>.
    /// </exception>
    WorkflowJobs Add<TJob>(WorkflowJobs? after = null, After when = After.Succeeded, JobOptions? options = null) where TJob : class, IJob;

    /// <summary>Adds a job.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="args">The arguments.</param>
    /// <param name="after">The jobs it waits for. The default value is <see langword="null"/>: none, it begins with the workflow.</param>
    /// <param name="when">For which end of all of them it waits.</param>
    /// <param name="options">As of <see cref="Add{TJob}"/>.</param>
    /// <returns>The job, for others to wait for.</returns>
    /// <inheritdoc cref="Add{TJob}" path="/exception"/>
    /// <exception cref="JobArgumentsException">The arguments cannot be serialised, would arrive changed, or are too large.</exception>
    WorkflowJobs Add<TJob, TArgs>(TArgs args, WorkflowJobs? after = null, After when = After.Succeeded, JobOptions? options = null)
        where TJob : class, IJob<TArgs>;

    /// <summary>Adds one job for each element.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="args">The arguments of each job; at least one.</param>
    /// <param name="after">The jobs that each waits for. The default value is <see langword="null"/>: none.</param>
    /// <param name="when">For which end of all of them each waits.</param>
    /// <param name="options">As of <see cref="Add{TJob}"/>.</param>
    /// <returns>The jobs, for others to wait for all of them.</returns>
    /// <inheritdoc cref="Add{TJob, TArgs}" path="/exception"/>
    WorkflowJobs AddMany<TJob, TArgs>(
        IEnumerable<TArgs> args, WorkflowJobs? after = null, After when = After.Succeeded, JobOptions? options = null)
        where TJob : class, IJob<TArgs>;

    /// <summary>
    /// Sets a job that begins once: when no job of the workflow is executed, enqueued or scheduled any more, whether they have succeeded or
    /// not. It is not a member of the workflow.
    /// </summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="options">Its priority and its fairness key. The default value is <see langword="null"/>: none.</param>
    /// <exception cref="InvalidOperationException">
    /// There is such a job already, the workflow is committed, or the job type is unknown or has keys.
    /// </exception>
    /// <exception cref="ArgumentException">An option is invalid or not possible here.</exception>
    void OnFinished<TJob>(JobOptions? options = null) where TJob : class, IJob;

    /// <inheritdoc cref="OnFinished{TJob}"/>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">The type of its arguments.</typeparam>
    /// <param name="args">The arguments.</param>
    /// <param name="options">Its priority and its fairness key. The default value is <see langword="null"/>: none.</param>
    /// <exception cref="JobArgumentsException">The arguments cannot be serialised, would arrive changed, or are too large.</exception>
    void OnFinished<TJob, TArgs>(TArgs args, JobOptions? options = null) where TJob : class, IJob<TArgs>;

    /// <summary>Stores the workflow with all its jobs, or nothing.</summary>
    /// <param name="ct">Cancels the call until its commit begins.</param>
    /// <returns>The id of the workflow.</returns>
    /// <exception cref="InvalidOperationException">
    /// The workflow has no jobs, CommitAsync was called before, or a client filter cancelled the creation of a job.
    /// </exception>
    /// <exception cref="Storage.JobStorageUnavailableException">
    /// The database cannot be reached; <see cref="Storage.JobStorageUnavailableException.MayBeCommitted"/> says whether the workflow may be
    /// stored.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing was stored.</exception>
    Task<string> CommitAsync(CancellationToken ct = default);
}
