using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Clock;

/// <summary>Two processes that wait for what is due. They read seldom enough that only a wake-up can be the cause.</summary>
public abstract class ClockTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected const string Queue = "crm";

    private protected static readonly ClockPace Never = new(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
    private protected static readonly ClockPace Often = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));

    private protected static Task WaitAsync(SqlJobStorage storage, CancellationToken stop, DueJobs jobs = DueJobs.Delayed)
    {
        // The tables exist from now on.
        storage.GetConnection().Dispose();
        return Task.Factory.StartNew(
            () => storage.WaitUntilDue(jobs, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private protected static CancellationTokenSource Limit() => new(Until.Limit);

    private protected static string Schedule(JobStorage storage, TimeSpan delay, string? queue = Queue) =>
        new BackgroundJobClient(storage, NoFilters).Create(
            Job.FromExpression(() => Console.WriteLine("due"), queue), new ScheduledState(delay));

    private protected static void ScheduleRecurring(JobStorage storage, string id, double score)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.AddToSet("recurring-jobs", id, score);
        transaction.Commit();
    }

    private protected async Task<long> KeeperAsync(long? other = null)
    {
        await Until.TrueAsync(() => Keeper() is { } keeper && keeper != other, "a process acts at once", () => $"it is {Keeper()}");
        return Keeper()!.Value;
    }

    private protected List<string> Queued() =>
        Rows.Query("SELECT queue, job_id FROM {s}queue ORDER BY id", static row => $"{row.GetString(0)}:{row.GetInt64(1)}");

    private long? Keeper() =>
        Rows.Query("SELECT lease_id FROM {s}lock WHERE resource = 'asdamir:clock'", static row => (long?)row.GetInt64(0)).SingleOrDefault();
}
