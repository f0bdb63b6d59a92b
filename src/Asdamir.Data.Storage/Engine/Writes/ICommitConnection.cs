using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A connection that commits write sets, one group at a time.</summary>
internal interface ICommitConnection : IDisposable
{
    long LeaseId { get; }

    /// <summary>Commits all sets in one database transaction, or none. A claim that comes with them is its last step.</summary>
    /// <param name="sets">What is written.</param>
    /// <param name="claim">What is claimed, too.</param>
    /// <param name="isPatient">Whether it waits some milliseconds for rows that another transaction has changed.</param>
    /// <returns>What was claimed; <see langword="null"/> when it was committed, but the response was lost.</returns>
    /// <exception cref="WriteConflictException">A job or a claim is no longer what one of the sets expects; nothing was
    /// written.</exception>
    /// <exception cref="RowsInUseException">Another transaction has changed the rows and has not ended; nothing was written.</exception>
    /// <exception cref="LeaseLostException">The lease of this connection has ended; nothing was written.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached. The message says whether anything may have been
    /// written.</exception>
    IReadOnlyList<ClaimedJob>? Commit(IReadOnlyList<WriteSet> sets, ClaimRequest? claim = null, bool isPatient = true);
}
