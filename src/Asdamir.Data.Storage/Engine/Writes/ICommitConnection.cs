namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A connection that commits write sets, one group at a time.</summary>
internal interface ICommitConnection : IDisposable
{
    long LeaseId { get; }

    /// <summary>Commits all sets in one database transaction, or none.</summary>
    /// <exception cref="WriteConflictException">A job or a claim is no longer what one of the sets expects; nothing was
    /// written.</exception>
    /// <exception cref="LeaseLostException">The lease of this connection has ended; nothing was written.</exception>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached. The message says whether anything may have been
    /// written.</exception>
    void Commit(IReadOnlyList<WriteSet> sets);
}
