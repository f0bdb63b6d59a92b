using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Scheduling.Clocks;

/// <summary>
/// Hangfire's schedulers under a clock, on our storage. They sleep for longer than a test may take, so none may come to that.
/// </summary>
public abstract class ClockTests : IDisposable
{
    private protected static readonly TimeSpan Sleep = TimeSpan.FromHours(1);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _limit = new(Until.Limit);

    private protected ClockTests() => Storage = new SqliteJobStorage($"Data Source={_folder.PathOf("jobs.db")}");

    private protected SqliteJobStorage Storage { get; }

    private protected CancellationToken Limit => _limit.Token;

    private protected Task<JobHost> ClientAsync() => JobHost.StartClientAsync(
        jobs => jobs.AddJob<IdleJob>().UseStorage(_ => Storage), options => options.AppQueue = "crm");

    private protected Task ExecuteAsync(IBackgroundProcess process) => Task.Factory.StartNew(
        () => process.Execute(
            new BackgroundProcessContext("server", Storage, new Dictionary<string, object>(), Guid.NewGuid(), Limit, Limit, Limit)),
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private protected void SetScore(string key, string value, double score)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.AddToSet(key, value, score);
        transaction.Commit();
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Storage.Dispose();
        _limit.Dispose();
        _folder.Dispose();
    }

    private protected sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    /// <summary>Everything is always due.</summary>
    private protected sealed class AlwaysDue(IJobClock storage) : IJobClock
    {
        public void WaitUntilDue(DueJobs jobs, CancellationToken cancellationToken) => cancellationToken.ThrowIfCancellationRequested();

        public int EnqueueDelayedJobs() => storage.EnqueueDelayedJobs();
    }

    private protected sealed class UnreachableClock : IJobClock
    {
        public void WaitUntilDue(DueJobs jobs, CancellationToken cancellationToken)
        {
        }

        public int EnqueueDelayedJobs() => throw new JobStorageUnavailableException("The database is down.");
    }
}
