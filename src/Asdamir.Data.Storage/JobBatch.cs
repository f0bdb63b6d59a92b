using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>
/// A view of a storage that collects what is written through it, and writes all of it, or nothing, in <see cref="CommitAsync"/>. Use it
/// like the storage, for example with <c>new BackgroundJobClient(batch)</c>, from one thread at a time. What reads or takes a lock still
/// blocks for a round trip to the database; locks taken through a batch are kept until it is disposed. It cannot be used by a server.
/// </summary>
/// <remarks>Filters see a job as created when it is in the batch, which is before the commit.</remarks>
public sealed class JobBatch : JobStorage, IAsyncDisposable
{
    private readonly JobStorage _storage;
    private readonly StorageConnection _connection;
    private readonly Func<WriteSet, CancellationToken, Task> _write;
    private readonly Dictionary<string, NewWorkflow> _workflows = new(StringComparer.Ordinal);
    private bool _ended;

    internal JobBatch(
        JobStorage storage, OpenStorage open, ISessions sessions, IWriter writer, Queue<long> ids,
        Func<WriteSet, CancellationToken, Task> write)
    {
        _storage = storage;
        _connection = new StorageConnection(open, sessions, writer, new Batch(ids));
        _write = write;
        JobExpirationTimeout = storage.JobExpirationTimeout;
    }

    /// <inheritdoc/>
    public override bool LinearizableReads => _storage.LinearizableReads;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch has been committed or disposed.</exception>
    public override IStorageConnection GetConnection() => _ended ? throw Ended() : _connection;

    /// <inheritdoc/>
    public override IMonitoringApi GetMonitoringApi() => _storage.GetMonitoringApi();

    /// <inheritdoc/>
    public override bool HasFeature(string featureId) => _storage.HasFeature(featureId);

    /// <summary>Where the storage is; never with a secret.</summary>
    public override string ToString() => $"{_storage}, in a batch";

    /// <summary>
    /// Adds a workflow. Create each of its jobs in this batch, with the id in the parameter <see cref="JobWorkflows.Parameter"/>, and add
    /// it with <see cref="AddToWorkflow"/>; one that waits gets the state Awaiting.
    /// </summary>
    /// <param name="queue">The queue of the app.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The id of the workflow.</returns>
    /// <exception cref="ArgumentException">The name is invalid, see <see cref="JobWorkflows.FaultOfName"/>.</exception>
    /// <exception cref="InvalidOperationException">The batch has been committed or disposed.</exception>
    public string AddWorkflow(string queue, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        if (JobWorkflows.FaultOfName(name) is { } fault)
            throw new ArgumentException($"The name of a workflow {fault}", nameof(name));
        if (_ended)
            throw Ended();
        var workflow = _connection.AddWorkflow(StorableText.Of(queue), StorableText.Of(name));
        var id = JobIds.Format(workflow.Id);
        _workflows.Add(id, workflow);
        return id;
    }

    /// <summary>Adds a job that was created in this batch to a workflow of it.</summary>
    /// <param name="workflowId">The id of the workflow.</param>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="parents">The ids of the jobs it waits for, each once; they belong to the workflow already.</param>
    /// <param name="condition">For which end of all of them it waits.</param>
    /// <exception cref="ArgumentException">The batch has no such workflow, or an id is none.</exception>
    public void AddToWorkflow(string workflowId, string jobId, IReadOnlyCollection<string> parents, JobWorkflowCondition condition)
    {
        ArgumentNullException.ThrowIfNull(parents);
        var (workflow, child) = (Find(workflowId), IdOf(jobId, nameof(jobId)));
        workflow.Members.Add((child, parents.Count));
        foreach (var parent in parents)
            workflow.Edges.Add((IdOf(parent, nameof(parents)), child, (long)condition));
    }

    /// <summary>Sets the job that begins when nothing of a workflow runs any more, which has the state Awaiting and is no member.</summary>
    /// <param name="workflowId">The id of the workflow.</param>
    /// <param name="jobId">The id of the job.</param>
    /// <exception cref="ArgumentException">The batch has no such workflow, or an id is none.</exception>
    public void SetWorkflowEnd(string workflowId, string jobId) => Find(workflowId).OnFinished = IdOf(jobId, nameof(jobId));

    /// <summary>Writes all that is in the batch, in one commit. No thread waits for the database.</summary>
    /// <param name="cancellationToken">
    /// Cancels the commit as long as it has not begun: nothing is written then. Once it has begun, it is awaited. In a transaction
    /// of yours it also cancels the statements, and so ends that transaction.
    /// </param>
    /// <exception cref="InvalidOperationException">The batch has been committed or disposed, or what it changes was changed by another
    /// process; nothing was written.</exception>
    /// <exception cref="JobStorageUnavailableException">
    /// The database cannot be reached; <see cref="JobStorageUnavailableException.MayBeCommitted"/> says whether anything may be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was written.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        if (_ended)
            throw Ended();
        _ended = true;
        var set = _connection.TakeBatch();
        if (set.IsEmpty)
            return;
        await _write(set, cancellationToken).ConfigureAwait(false);
        _connection.BatchWritten(set);
    }

    /// <summary>Ends the batch and its locks. What was not committed is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        if (_connection.HoldsLocks)
            await Task.Run(_connection.EndBatch).ConfigureAwait(false);
        else
            _connection.EndBatch();
    }

    private NewWorkflow Find(string workflowId)
    {
        ArgumentNullException.ThrowIfNull(workflowId);
        return _workflows.GetValueOrDefault(workflowId)
            ?? throw new ArgumentException(
                $"There is no workflow '{workflowId}' in this batch. Fix: use the id that AddWorkflow returned.", nameof(workflowId));
    }

    private static long IdOf(string jobId, string parameter)
    {
        ArgumentNullException.ThrowIfNull(jobId, parameter);
        return JobIds.TryParse(jobId, out var id)
            ? id
            : throw new ArgumentException($"'{jobId}' is not the id of a job. Fix: use what the creation returned.", parameter);
    }

    private static InvalidOperationException Ended() => new("The batch has been committed or disposed. Fix: create another one.");
}
