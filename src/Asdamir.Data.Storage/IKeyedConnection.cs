namespace Asdamir.Data.Storage;

/// <summary>
/// A connection that observes the keys of new jobs, see <see cref="JobKeys"/>. All connections of <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/> implement it.
/// </summary>
public interface IKeyedConnection
{
    /// <summary>Finds the job that has a key of one that was created through this connection.</summary>
    /// <param name="jobId">The id of a new job whose commit has succeeded.</param>
    /// <returns>The id of the other job, because of which this one was not stored, or was stored as deleted; <see langword="null"/> when it
    /// was stored as usual.</returns>
    string? FindKeyHolder(string jobId);

    /// <summary>Determines whether a job that was created through this connection has replaced the one that has its unique key.</summary>
    /// <param name="jobId">The id of a new job whose commit has succeeded.</param>
    /// <returns><see langword="true"/> when the other job got its arguments and its time.</returns>
    bool HasReplaced(string jobId);
}
