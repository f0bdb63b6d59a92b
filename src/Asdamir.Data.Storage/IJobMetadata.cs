namespace Asdamir.Data.Storage;

/// <summary>
/// Texts kept beside a job for as long as it exists: its progress, its log. Unlike job parameters they are not loaded
/// with the job, and writing them does not disturb whoever changes its state. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>.
/// </summary>
public interface IJobMetadata
{
    /// <summary>Writes notes; those of the same name are replaced. Cheap: many threads share one commit.</summary>
    /// <param name="jobId">The job; nothing happens when there is none, or when this process had it and it was given to another worker.</param>
    /// <param name="notes">The notes by their names.</param>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    void WriteMetadata(string jobId, IReadOnlyDictionary<string, string> notes);

    /// <summary>Reads all notes of a job.</summary>
    /// <param name="jobId">The job.</param>
    /// <returns>The notes by their names; empty when there are none.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyDictionary<string, string> ReadMetadata(string jobId);
}
