using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

/// <summary>What tests share of the order in which the jobs of a queue are claimed.</summary>
public abstract class QueueOrderTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected const string Server = "server-1";

    private protected static readonly TimeSpan Aging = TimeSpan.FromHours(1);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A waiting job with a parameter that other code has written.</summary>
    private protected string CreateWith(string parameter, string value)
    {
        using var connection = Storage.GetConnection();
        var id = connection.CreateExpiredJob(
            SampleJobs.Text("x"), new Dictionary<string, string> { [parameter] = value }, DateTime.UtcNow, TimeSpan.FromDays(1));
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, new EnqueuedState());
        transaction.AddToQueue("default", id);
        transaction.Commit();
        return id;
    }

    /// <summary>Another process starts the one delayed job, which is due.</summary>
    private protected void StartDelayed()
    {
        var entry = Rows.Query("SELECT value FROM {s}set_item WHERE key = 'schedule'", static row => row.GetString(0)).Single();
        Rows.Execute($"UPDATE {{s}}set_item SET value = 'default:{entry}' WHERE value = '{entry}'");
        using var other = OpenAnother();
        Assert.Equal(1, other.EnqueueDelayedJobs());
    }

    /// <summary>Another process puts a job into its queue: of a requeue, or of a parent's end.</summary>
    private protected void EnqueueByAnother(string id)
    {
        using var other = OpenAnother();
        Assert.True(new BackgroundJobClient(other, NoFilters).Requeue(id));
    }

    // As if it had been added earlier.
    private protected void Age(string id, TimeSpan time)
    {
        var age = (long)time.TotalMicroseconds;
        Rows.Execute($"UPDATE {{s}}queue SET added_at = added_at - {age}, turn = turn - {age} WHERE job_id = {id}");
    }

    private protected async Task<List<string>> ClaimAsync(int count)
    {
        using var claims = Storage.OpenClaims(["default"], Server);
        var jobs = await claims.ClaimAsync(count, Token);
        foreach (var job in jobs)
        {
            job.RemoveFromQueue();
            job.Dispose();
        }
        return [.. jobs.Select(static job => job.JobId)];
    }
}
