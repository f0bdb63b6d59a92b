namespace Asdamir.Data.Storage;

/// <summary>A job that has ended cannot begin again, because another job has its unique key. Nothing was written.</summary>
public sealed class JobKeyTakenException : InvalidOperationException
{
    internal JobKeyTakenException(string key, string holder)
        : base(
            $"The unique key '{key}' of the job belongs to job {holder}, which has not ended; nothing was written. "
                + $"Fix: wait until job {holder} has ended, or delete it.")
    {
        Key = key;
        JobId = holder;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The id of the job that has the key.</summary>
    public string JobId { get; }
}
