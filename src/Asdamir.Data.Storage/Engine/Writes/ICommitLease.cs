namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>The lease in whose name a process commits.</summary>
internal interface ICommitLease
{
    /// <summary>The lease of this process, opened when there is none.</summary>
    long Current();

    /// <summary>A connection that commits in the name of a lease.</summary>
    /// <exception cref="LeaseLostException">The lease has ended.</exception>
    ICommitConnection OpenCommitConnection(long lease);

    /// <summary>The lease turned out to have ended.</summary>
    void Lost(long lease);
}
