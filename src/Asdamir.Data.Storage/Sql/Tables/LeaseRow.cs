namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A lease as one read shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ExpiresAt">When it ends unless it is renewed, by the database's clock.</param>
/// <param name="Timeout">How long it lasts without renewal; <see langword="null"/> where an older package opened it.</param>
/// <param name="ReadAt">The database's time of the read.</param>
/// <param name="LivenessKey">The key of the lock that shows that its process is alive, if there is one.</param>
/// <param name="IsLockFree">Whether no process holds that lock.</param>
/// <param name="Server">The running server that answered, as the keys of locks taken on it say; <see langword="null"/> where locks do not
/// belong to a server.</param>
/// <param name="JobsWait">Whether jobs wait in any queue; only a renewal looks.</param>
internal sealed record LeaseRow(
    long Id, long ExpiresAt, long? Timeout, long ReadAt, long? LivenessKey, bool IsLockFree, long? Server, bool JobsWait = false)
{
    private const int BitsOfServer = 32;

    /// <summary>When the process is known to have lived.</summary>
    public long RenewedAt => Timeout is { } timeout ? ExpiresAt - timeout : 0;

    /// <summary>Whether the lock was taken on this server since its start. Another one does not know whether it is held.</summary>
    public bool IsLockOfThisServer => Server is not { } server || LivenessKey is { } key && (long)((ulong)key >> BitsOfServer) == server;

    /// <summary>The key of a lock on a server.</summary>
    public static long KeyOf(long server, uint number) => (server << BitsOfServer) | number;
}
