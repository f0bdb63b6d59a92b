namespace Asdamir.Data.Storage.Leases;

/// <summary>A lease as one read shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ExpiresAt">When it ends unless it is renewed, by the database's clock.</param>
/// <param name="Timeout">How long it lasts without renewal; <see langword="null"/> where an older package opened it.</param>
/// <param name="ReadAt">The database's time of the read.</param>
/// <param name="LivenessKey">The key of its <see cref="ILivenessLock"/>, if there is one.</param>
/// <param name="IsLockFree">Whether no process holds that lock.</param>
internal sealed record LeaseRow(long Id, long ExpiresAt, long? Timeout, long ReadAt, long? LivenessKey, bool IsLockFree);
