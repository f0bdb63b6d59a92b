using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>Hides secrets in the states that the pages read one by one, as the page of retries does.</summary>
internal sealed class MaskedConnection(JobStorageConnection inner, SecretMask mask) : JobStorageConnection
{
    private const string RecurringKeys = "recurring-job:";
    private const string Error = "Error";

    public override StateData? GetStateData(string jobId)
    {
        if (inner.GetStateData(jobId) is not { } state)
            return null;
        return new StateData
        {
            Name = state.Name,
            Reason = mask.Of(state.Reason),
            Data = state.Data is { } data ? mask.Of(data) : null,
        };
    }

    public override IWriteOnlyTransaction CreateWriteTransaction() => inner.CreateWriteTransaction();

    public override IDisposable AcquireDistributedLock(string resource, TimeSpan timeout) =>
        inner.AcquireDistributedLock(resource, timeout);

    public override string CreateExpiredJob(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn) =>
        inner.CreateExpiredJob(job, parameters, createdAt, expireIn);

    public override IFetchedJob FetchNextJob(string[] queues, CancellationToken cancellationToken) =>
        inner.FetchNextJob(queues, cancellationToken);

    public override void SetJobParameter(string id, string name, string value) => inner.SetJobParameter(id, name, value);

    public override string GetJobParameter(string id, string name) => inner.GetJobParameter(id, name);

    public override JobData GetJobData(string jobId) => inner.GetJobData(jobId);

    public override void AnnounceServer(string serverId, ServerContext context) => inner.AnnounceServer(serverId, context);

    public override void RemoveServer(string serverId) => inner.RemoveServer(serverId);

    public override void Heartbeat(string serverId) => inner.Heartbeat(serverId);

    public override int RemoveTimedOutServers(TimeSpan timeOut) => inner.RemoveTimedOutServers(timeOut);

    public override HashSet<string> GetAllItemsFromSet(string key) => inner.GetAllItemsFromSet(key);

    public override string GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore) =>
        inner.GetFirstByLowestScoreFromSet(key, fromScore, toScore);

    public override List<string> GetFirstByLowestScoreFromSet(string key, double fromScore, double toScore, int count) =>
        inner.GetFirstByLowestScoreFromSet(key, fromScore, toScore, count);

    public override long GetSetCount(string key) => inner.GetSetCount(key);

    public override long GetSetCount(IEnumerable<string> keys, int limit) => inner.GetSetCount(keys, limit);

    public override bool GetSetContains(string key, string value) => inner.GetSetContains(key, value);

    public override List<string> GetRangeFromSet(string key, int startingFrom, int endingAt) =>
        inner.GetRangeFromSet(key, startingFrom, endingAt);

    public override TimeSpan GetSetTtl(string key) => inner.GetSetTtl(key);

    public override void SetRangeInHash(string key, IEnumerable<KeyValuePair<string, string>> keyValuePairs) =>
        inner.SetRangeInHash(key, keyValuePairs);

    // The error of a recurring job. All other fields are needed as they are stored: the actions of the pages write them back.
    public override Dictionary<string, string> GetAllEntriesFromHash(string key)
    {
        var entries = inner.GetAllEntriesFromHash(key);
        if (IsRecurring(key) && entries is not null && entries.TryGetValue(Error, out var error))
            entries[Error] = mask.Of(error);
        return entries!;
    }

    public override string GetValueFromHash(string key, string name)
    {
        var value = inner.GetValueFromHash(key, name);
        return name == Error && IsRecurring(key) ? mask.Of(value) : value;
    }

    public override long GetHashCount(string key) => inner.GetHashCount(key);

    public override TimeSpan GetHashTtl(string key) => inner.GetHashTtl(key);

    public override long GetListCount(string key) => inner.GetListCount(key);

    public override List<string> GetAllItemsFromList(string key) => inner.GetAllItemsFromList(key);

    public override List<string> GetRangeFromList(string key, int startingFrom, int endingAt) =>
        inner.GetRangeFromList(key, startingFrom, endingAt);

    public override TimeSpan GetListTtl(string key) => inner.GetListTtl(key);

    public override long GetCounter(string key) => inner.GetCounter(key);

    public override DateTime GetUtcDateTime() => inner.GetUtcDateTime();

    private static bool IsRecurring(string key) => key.StartsWith(RecurringKeys, StringComparison.Ordinal);

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }
}
