using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Sql;

[NeedsPostgreSql]
public sealed class UpgradeOnPostgreSql() : UpgradeTests(static place => OnPostgreSql(place), "{s}queue")
{
    private protected override SqlDatabase OpenDatabase() =>
        new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });

    private protected override string Indexes => $"SELECT indexdef FROM pg_indexes WHERE schemaname = '{Place.Schema}' ORDER BY 1";
}

public sealed class UpgradeOnSqlite() : UpgradeTests(static place => OnSqlite(place), "queue")
{
    private protected override SqlDatabase OpenDatabase() => new SqliteDatabase($"Data Source={Place.File}", new SqliteJobStorageOptions());

    private protected override string Indexes => "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1";
}

/// <summary>Tables that an older package has created, with jobs in them.</summary>
public abstract class UpgradeTests(Func<Place, SqlJobStorage> open, string queueTable) : OwnStorageTests(open)
{
    // What each migration after the first has changed, taken back.
    private readonly string[] _undo =
    [
        "DROP INDEX {s}queue_claimed", $"CREATE INDEX queue_claimed ON {queueTable} (claimed_by) WHERE claimed_by IS NOT NULL",
        "ALTER TABLE {s}lease DROP COLUMN timeout",
        "ALTER TABLE {s}lease DROP COLUMN liveness_key",
        "DROP TABLE IF EXISTS {s}revocation",
        "DELETE FROM {s}migration WHERE number > 1",
    ];

    private protected abstract string Indexes { get; }

    private protected abstract SqlDatabase OpenDatabase();

    [Fact]
    public void FirstUse_UpdatesTheTablesOfTheFirstVersion_AndTheirRunsGoOn()
    {
        var waiting = Client.Create(() => Console.WriteLine("x"), new EnqueuedState("app"));
        var (indexes, version) = Look();
        Downgrade();
        Assert.NotEqual(indexes, Look().Indexes);

        using (var updated = OpenAnother())
            Assert.Equal(1, Assert.Single(updated.Queues()).Waiting);

        Assert.Equal((indexes, version), Look());
        Work("app", new SucceededState(null, 0, 0));
        Assert.Equal(SucceededState.StateName, Storage.GetMonitoringApi().JobDetails(waiting).History[0].StateName);
    }

    private void Downgrade()
    {
        using var database = OpenDatabase();
        using var session = database.Write();
        foreach (var statement in _undo)
            session.Execute(statement);
    }

    private (string Indexes, long? Version) Look()
    {
        using var database = OpenDatabase();
        using var session = database.Read();
        return (string.Join('\n', session.Query(Indexes, static row => row.GetString(0))),
            session.Number("SELECT max(number) FROM {s}migration"));
    }
}
