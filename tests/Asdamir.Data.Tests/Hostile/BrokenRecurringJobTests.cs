using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;

namespace Asdamir.Data.Tests.Hostile;

public sealed class BrokenRecurringJobOnSqlite() : BrokenRecurringJobTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class BrokenRecurringJobOnPostgreSql() : BrokenRecurringJobTests(StorageKind.PostgreSql);

/// <summary>A recurring job that another program has spoiled stops no other one of the schema.</summary>
public abstract class BrokenRecurringJobTests(StorageKind kind) : MonitoringTests(kind)
{
    [Theory]
    [InlineData("Job", "garbage")]
    [InlineData("Job", "{}")]
    [InlineData("Job", """{"t":"<b>","m":7,"p":{},"a":null}""")]
    [InlineData("Cron", "nonsense")]
    [InlineData("TimeZoneId", "Mars/Phobos")]
    [InlineData("CreatedAt", "long ago")]
    [InlineData("NextExecution", "soon")]
    [InlineData("NextExecution", "99999999999999999999")]
    [InlineData("LastExecution", "lately")]
    [InlineData("Misfire", "many")]
    [InlineData("RetryAttempt", "often")]
    [InlineData("Queue", "NO SUCH QUEUE")]
    [InlineData("V", "two")]
    public async Task OtherRecurringJobs_StillFire(string field, string value)
    {
        var crm = await StartAsync(configure: static options => options.Access.RequestsPerMinute = 100_000);
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("* * * * * *", new RecurringOptions { Id = "broken" });
        using (var connection = crm.Storage.GetConnection())
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.SetRangeInHash("recurring-job:crm:broken", new Dictionary<string, string> { [field] = value });
            // Before all others.
            transaction.AddToSet("recurring-jobs", "crm:broken", 0);
            transaction.Commit();
        }
        var worker = await StartAsync(configure: static options => options.RunServer = true);
        worker.Jobs.AddOrUpdateRecurring<IdleJob>("* * * * * *", new RecurringOptions { Id = "sound" });

        await Until.TrueAsync(
            async () => (await crm.ReadAsync("/recurring-jobs/crm:sound")).TryGetProperty("lastJobId", out _), "the other one fires");
    }
}
