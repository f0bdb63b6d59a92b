namespace Asdamir.Data.Storage;

/// <summary>
/// A storage whose jobs can be claimed without holding a thread, by a server that starts each claimed job at once. Implemented by
/// <see cref="SqliteJobStorage"/> and <see cref="PostgreSqlJobStorage"/>.
/// </summary>
public interface IClaimingJobStorage
{
    /// <summary>Begins to claim jobs for a server.</summary>
    /// <param name="queues">The queues, the most important one first.</param>
    /// <param name="serverId">The id under which the server is announced.</param>
    /// <returns>The claims; dispose them when the server takes no more jobs. Jobs that were claimed before stay claimed.</returns>
    /// <exception cref="ArgumentException">There is no queue, or the id is empty.</exception>
    /// <exception cref="JobStorageUnavailableException">The database is unreachable at the first use.</exception>
    IJobClaims OpenClaims(IReadOnlyList<string> queues, string serverId);
}
