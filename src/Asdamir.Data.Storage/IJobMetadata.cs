namespace Asdamir.Data.Storage;

/// <summary>
/// Texts that are kept beside a job as long as it exists, such as its progress and log. Unlike job parameters they are not loaded
/// with the job, and writing them does not conflict with changes of its state. Implemented by <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/>.
/// </summary>
public interface IJobMetadata
{
    /// <summary>Writes entries, replacing those with the same names. Cheap: many threads share one commit.</summary>
    /// <param name="jobId">The id of the job. Nothing is written when the job does not exist, or when another worker has taken it from this
    /// process.</param>
    /// <param name="notes">The entries by name.</param>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    void WriteMetadata(string jobId, IReadOnlyDictionary<string, string> notes);

    /// <summary>Reads entries of a job.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="prefix">The beginning of their names; empty for all.</param>
    /// <returns>The entries by name; empty when there are none.</returns>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    IReadOnlyDictionary<string, string> ReadMetadata(string jobId, string prefix = "");
}
