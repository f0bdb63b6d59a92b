using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Tests.Storages;
using Dapper;
using Hangfire.States;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

[NeedsPostgreSql]
public sealed class LeaseTableOnPostgreSql() : LeaseTableTests(static place => OnPostgreSql(place))
{
    private protected override JobDatabase OpenDatabase() =>
        new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });

    [Fact]
    public async Task Claim_OfAnEndedLease_IsReleasedByALaterRenewal_WhenATransactionHeldItBefore()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var database = OpenDatabase();
        var table = new LeaseTable(database, Timeout, Interval, HangfireStates.EnqueuedData);
        var rounds = new LeaseRounds(database, table, Interval, Timeout);
        var lease = table.Open();
        using var liveness = database.TakeLivenessLock(static () => { });
        Rows.Execute("UPDATE {s}queue SET claimed_by = 4711, claimed_at = 0");
        await using (var connection = new NpgsqlConnection(Place.PostgreSql))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync($"SELECT id FROM {Place.Schema}.queue FOR UPDATE");
            for (var round = 1; round <= 6; round++)
                rounds.Next(lease, liveness, renews: true);
            Assert.Equal(1, Rows.Count("{s}queue WHERE claimed_by IS NOT NULL"));
        }

        // A round that fails, as on a database that does not answer in time, is the next one's work.
        await Until.EqualAsync(
            0L,
            () =>
            {
                rounds.Next(lease, liveness, renews: true);
                return Rows.Count("{s}queue WHERE claimed_by IS NOT NULL");
            },
            "the number of claims of the ended lease");
    }
}

public sealed class LeaseTableOnSqlite() : LeaseTableTests(static place => OnSqlite(place))
{
    private protected override JobDatabase OpenDatabase() => new SqliteDatabase($"Data Source={Place.File}", new SqliteJobStorageOptions());
}

/// <summary>What a renewal sees, in the same transaction.</summary>
public abstract class LeaseTableTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private protected static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public void Renewal_SeesWhetherJobsWait()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState("other"));
        using var database = OpenDatabase();
        var table = new LeaseTable(database, Timeout, Interval, HangfireStates.EnqueuedData);
        var lease = table.Open();

        Assert.True(Own(table.Renew(lease, key: null)).JobsWait);
        Assert.False(Own(table.Read()).JobsWait);
        Rows.Execute($"UPDATE {{s}}queue SET claimed_by = {lease}, claimed_at = 0");
        Assert.False(Own(table.Renew(lease, key: null)).JobsWait);

        LeaseRow Own(IReadOnlyList<LeaseRow> rows) => rows.Single(row => row.Id == lease);
    }

    private protected abstract JobDatabase OpenDatabase();
}
