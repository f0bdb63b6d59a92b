namespace Asdamir.Data.HangfireJobs.Isolation;

/// <summary>Which part of a shared schema belongs to this app: its queue and its prefix of recurring ids.</summary>
internal sealed record AppIdentity(string AppQueue, string RecurringJobIdPrefix)
{
    public const string DefaultQueue = "default";

    /// <summary>The queue of the app's jobs.</summary>
    public string Queue => AppQueue.Length == 0 ? DefaultQueue : AppQueue;

    /// <summary>True when the app shares its schema with others and must stay on its own queue.</summary>
    public bool IsIsolated => AppQueue.Length > 0;

    /// <summary>The stored id of the recurring job that the app calls <paramref name="id"/>.</summary>
    public string StoredRecurringId(string id) =>
        RecurringJobIdPrefix.Length == 0 ? id : $"{RecurringJobIdPrefix}:{id}";

    /// <summary>True when a stored id carries this app's prefix; without a prefix any id may be the app's.</summary>
    public bool HasOwnPrefix(string storedId) =>
        RecurringJobIdPrefix.Length == 0 || storedId.StartsWith(RecurringJobIdPrefix + ":", StringComparison.Ordinal);
}
