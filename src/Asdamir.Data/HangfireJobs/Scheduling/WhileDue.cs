using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// A storage for Hangfire's scheduler of recurring jobs, while any are due. The scheduler opens a connection for each search, and sleeps
/// after one that found nothing. Here a connection is refused instead.
/// </summary>
internal sealed class WhileDue : JobStorage
{
    private const string Set = "recurring-jobs";

    private readonly JobStorage _storage;

    public WhileDue(JobStorage storage)
    {
        _storage = storage;
        JobExpirationTimeout = storage.JobExpirationTimeout;
    }

    public override bool LinearizableReads => _storage.LinearizableReads;

    /// <exception cref="NothingDueException">No recurring job is due that this process loads.</exception>
    public override IStorageConnection GetConnection()
    {
        var connection = (JobStorageConnection)_storage.GetConnection();
        try
        {
            var now = JobHelper.ToTimestamp(connection.GetUtcDateTime());
            return connection.GetFirstByLowestScoreFromSet(Set, 0, now, 1) is { Count: > 0 } ? connection : throw new NothingDueException();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override IMonitoringApi GetMonitoringApi() => _storage.GetMonitoringApi();

    public override bool HasFeature(string featureId) => _storage.HasFeature(featureId);

    public override string ToString() => $"{_storage}";

    internal sealed class NothingDueException : Exception;
}
