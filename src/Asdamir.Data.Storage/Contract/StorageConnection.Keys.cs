using System.Globalization;
using Asdamir.Data.Storage.Engine.Writes;
using Hangfire.Common;

namespace Asdamir.Data.Storage.Contract;

// The keys of the jobs that are created through the connection.
internal sealed partial class StorageConnection
{
    private Dictionary<long, long>? _keyHolders;
    private Dictionary<string, string>? _keysOfRecurring;

    public string? FindKeyHolder(string jobId) =>
        JobIds.TryParse(jobId, out var id) && _keyHolders?.TryGetValue(id, out var holder) == true
            ? holder.ToString(CultureInfo.InvariantCulture)
            : null;

    /// <summary>A new job, with the key that its recurring job gives it: whichever server creates it has read that entry here.</summary>
    public NewJob Describe(Job job, IDictionary<string, string?> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        if (_keysOfRecurring is { } keys
            && parameters.TryGetValue(SkippedOccurrence.RecurringJobId, out var stored)
            && JobKeys.TextOf(stored) is { } id
            && keys.TryGetValue(id, out var key))
        {
            parameters = new Dictionary<string, string?>(parameters) { [JobKeys.UniqueParameter] = key };
        }
        return _open.Describe(job, parameters, createdAt, expireIn);
    }

    private void RememberKey(string hash, Dictionary<string, string> fields)
    {
        if (!hash.StartsWith(RecurringJobs.KeyPrefix, StringComparison.Ordinal))
            return;
        var id = hash[RecurringJobs.KeyPrefix.Length..];
        if (fields.TryGetValue(JobKeys.RecurringField, out var key) && !string.IsNullOrEmpty(key))
            (_keysOfRecurring ??= new(StringComparer.Ordinal))[id] = key;
        else
            _keysOfRecurring?.Remove(id);
    }

    private void RememberHolders(WriteSet set)
    {
        foreach (var (id, holder) in set.Lost)
            (_keyHolders ??= [])[id] = holder;
    }
}
