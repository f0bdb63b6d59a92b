using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>
/// A job that a server has claimed. Disposing it gives the job back to its queue, unless it was removed from the queue or given back
/// before, and disposes its connection.
/// </summary>
public interface IClaimedJob : IFetchedJob
{
    /// <summary>The queue from which it was claimed.</summary>
    string Queue { get; }

    /// <summary>The id of the server that claimed it.</summary>
    string ServerId { get; }

    /// <summary>The id of this claim, unique among all claims. It is the id of the worker in the state Processing.</summary>
    string WorkerId { get; }

    /// <summary>
    /// The name of the limit that had no room for the job, when it has to be deleted instead of executed, see
    /// <see cref="JobLimitRule.Skips"/>; otherwise <see langword="null"/>.
    /// </summary>
    string? SkippedBy { get; }

    /// <summary>When it was claimed (UTC), by the clock of the database.</summary>
    DateTime ClaimedAt { get; }

    /// <summary>
    /// Cancelled when the job is taken from this claim while it is executed: it was deleted or requeued, by any process, or the lease of
    /// this process has ended. What the execution writes is refused then. Usually within milliseconds; a process that is cut off from
    /// notifications is not told, so poll the state of the job as well.
    /// </summary>
    CancellationToken Revoked { get; }

    /// <summary>
    /// The connection that owns the claim. It has the job's data without a read, and what is written through it is refused once the
    /// job was given to another server. It is used by one thread at a time.
    /// </summary>
    JobStorageConnection Connection { get; }

    /// <summary>Whether it is known that another worker has the job by now, or that it was moved away from this claim.</summary>
    bool IsLost { get; }

    /// <summary>
    /// Asks the database whether a transaction of a caller has ended this claim, see
    /// <see cref="PostgreSqlJobStorage.InTransaction(Npgsql.NpgsqlTransaction, IClaimedJob)"/>. The job is not given back then.
    /// </summary>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    bool WasEndedInTransaction();

    /// <summary>
    /// Writes metadata of the job, see <see cref="IJobMetadata"/>, as long as this claim executes it. Any thread may call it at any time,
    /// and none waits for the commit.
    /// </summary>
    /// <param name="notes">The entries by name, which replace those with the same names.</param>
    /// <returns>Whether they are written and durable; <see langword="false"/> when the job was given to another worker, deleted or
    /// requeued meanwhile. Nothing was written then.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached. The call may be repeated.</exception>
    Task<bool> TryWriteMetadataAsync(IReadOnlyDictionary<string, string> notes);
}
