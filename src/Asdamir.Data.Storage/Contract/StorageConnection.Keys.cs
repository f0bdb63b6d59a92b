using System.Globalization;
using Asdamir.Data.Storage.Engine.Writes;
using Hangfire.Common;

namespace Asdamir.Data.Storage.Contract;

// The keys of the jobs that are created through the connection.
internal sealed partial class StorageConnection
{
    private Dictionary<long, long>? _keyHolders;
    private HashSet<long>? _replacing;
    private Dictionary<string, Dictionary<string, string?>>? _recurring;

    public string? FindKeyHolder(string jobId) =>
        JobIds.TryParse(jobId, out var id) && _keyHolders?.TryGetValue(id, out var holder) == true
            ? holder.ToString(CultureInfo.InvariantCulture)
            : null;

    public bool HasReplaced(string jobId) => JobIds.TryParse(jobId, out var id) && _replacing?.Contains(id) == true;

    /// <summary>A new job, with what its recurring job gives it: whichever server creates it has read that entry here.</summary>
    public NewJob Describe(Job job, IDictionary<string, string?> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        if (_recurring is { } entries
            && parameters.TryGetValue(SkippedOccurrence.RecurringJobId, out var stored)
            && JobKeys.TextOf(stored) is { } id
            && entries.TryGetValue(id, out var given))
        {
            parameters = new Dictionary<string, string?>(parameters);
            foreach (var (name, value) in given)
                parameters[name] = value;
        }
        return _open.Describe(job, parameters, createdAt, expireIn);
    }

    private void RememberRecurring(string hash, Dictionary<string, string> fields)
    {
        if (!hash.StartsWith(RecurringJobs.KeyPrefix, StringComparison.Ordinal))
            return;
        var id = hash[RecurringJobs.KeyPrefix.Length..];
        var given = RecurringJobs.ParametersOf(fields);
        if (given.Count > 0)
            (_recurring ??= new(StringComparer.Ordinal))[id] = given;
        else
            _recurring?.Remove(id);
    }

    private void RememberHolders(WriteSet set)
    {
        foreach (var (id, holder) in set.Lost)
            (_keyHolders ??= [])[id] = holder;
        if (set.Replacing.Count > 0)
            (_replacing ??= []).UnionWith(set.Replacing);
    }
}
