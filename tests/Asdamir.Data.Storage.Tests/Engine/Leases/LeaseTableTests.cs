using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

[NeedsPostgreSql]
public sealed class LeaseTableOnPostgreSql() : LeaseTableTests(static place => OnPostgreSql(place))
{
    private protected override JobDatabase OpenDatabase() =>
        new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
}

public sealed class LeaseTableOnSqlite() : LeaseTableTests(static place => OnSqlite(place))
{
    private protected override JobDatabase OpenDatabase() => new SqliteDatabase($"Data Source={Place.File}", new SqliteJobStorageOptions());
}

/// <summary>What a renewal sees, in the same transaction.</summary>
public abstract class LeaseTableTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void Renewal_SeesWhetherJobsWait()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState("other"));
        using var database = OpenDatabase();
        var table = new LeaseTable(database, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), HangfireStates.EnqueuedData);
        var lease = table.Open();

        Assert.True(Own(table.Renew(lease, key: null)).JobsWait);
        Assert.False(Own(table.Read()).JobsWait);
        Rows.Execute($"UPDATE {{s}}queue SET claimed_by = {lease}, claimed_at = 0");
        Assert.False(Own(table.Renew(lease, key: null)).JobsWait);

        LeaseRow Own(IReadOnlyList<LeaseRow> rows) => rows.Single(row => row.Id == lease);
    }

    private protected abstract JobDatabase OpenDatabase();
}
