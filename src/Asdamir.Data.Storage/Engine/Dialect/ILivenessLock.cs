namespace Asdamir.Data.Storage.Engine.Dialect;

/// <summary>
/// A lock that the operating system or the database releases when this process ends, however it ends. Its key is in the row of the
/// lease, so that other processes see within seconds that the process is dead.
/// </summary>
internal interface ILivenessLock : IDisposable
{
    /// <summary>The key of the lock; <see langword="null"/> while it is not held, and where no such lock is reliable.</summary>
    long? Key { get; }

    /// <summary>Takes another lock: the one with this key is free although this process is alive.</summary>
    void Replace(long key);
}
