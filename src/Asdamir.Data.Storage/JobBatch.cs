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

    private static InvalidOperationException Ended() => new("The batch has been committed or disposed. Fix: create another one.");
}
