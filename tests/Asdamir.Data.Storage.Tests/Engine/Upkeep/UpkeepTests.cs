using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Upkeep;

[NeedsPostgreSql]
public sealed class UpkeepOnPostgreSql() : UpkeepTests(static place => OnPostgreSql(place));

public sealed class UpkeepOnSqlite() : UpkeepTests(static place => OnSqlite(place));

public abstract class UpkeepTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private UpkeepProcess Process => (UpkeepProcess)((IEnumerable<IBackgroundProcess>)Storage.GetStorageWideProcesses()).Single();

    private static TimeSpan Ago => TimeSpan.FromSeconds(-1);

    [Theory]
    [InlineData("counter")]
    [InlineData("set_item")]
    [InlineData("hash_field")]
    [InlineData("list_item")]
    [InlineData("job")]
    public void Upkeep_IsDone_WhenThereIsSomethingToDo_AndThenNoMore(string table)
    {
        using (var connection = Storage.GetConnection())
        using (var transaction = (JobStorageTransaction)connection.CreateWriteTransaction())
        {
            Leave(transaction, table);
            transaction.Commit();
        }
        Assert.Equal(1, Rows.Count("{s}" + table));

        Assert.True(Process.TryDo(TestContext.Current.CancellationToken));

        Assert.Equal(0, Rows.Count("{s}" + table));
        Assert.False(Process.TryDo(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Upkeep_RemovesStartsOfLimits_ThatNoLongerCount()
    {
        Assert.False(Process.TryDo(TestContext.Current.CancellationToken));
        Rows.Execute(
            "INSERT INTO {s}limit_start (queue, id, begun_at, ends_at, number, expire_at) VALUES "
                + "('app', 'a', 1, 2, 1, 3), ('app', 'b', 1, 2, 1, 9000000000000000)");

        Assert.True(Process.TryDo(TestContext.Current.CancellationToken));

        Assert.Equal((0, 1), (Rows.Count("{s}limit_start WHERE id = 'a'"), Rows.Count("{s}limit_start WHERE id = 'b'")));
    }

    [Fact]
    public void Upkeep_TakesNoLock_WhenThereIsNothingToDo()
    {
        Assert.False(Process.TryDo(TestContext.Current.CancellationToken));

        // A lock belongs to a lease, which this process did not need so far.
        Assert.Equal(0, Rows.Count("{s}lease"));
    }

    [Fact]
    public void Upkeep_IsLeftToTheProcessThatDoesIt()
    {
        using (var connection = Storage.GetConnection())
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.IncrementCounter("counted");
            transaction.Commit();
        }
        Rows.Execute("INSERT INTO {s}lock (resource, lease_id, token) SELECT 'upkeep', id, 1 FROM {s}lease");

        Assert.False(Process.TryDo(TestContext.Current.CancellationToken));

        Assert.Equal(1, Rows.Count("{s}counter"));
    }

    private static void Leave(JobStorageTransaction transaction, string table)
    {
        switch (table)
        {
            case "counter":
                transaction.IncrementCounter("counted");
                break;
            case "set_item":
                transaction.AddToSet("set", "member");
                transaction.ExpireSet("set", Ago);
                break;
            case "hash_field":
                transaction.SetRangeInHash("hash", new Dictionary<string, string> { ["field"] = "value" });
                transaction.ExpireHash("hash", Ago);
                break;
            case "list_item":
                transaction.InsertToList("list", "value");
                transaction.ExpireList("list", Ago);
                break;
            default:
                transaction.CreateJob(SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, Ago);
                break;
        }
    }
}
