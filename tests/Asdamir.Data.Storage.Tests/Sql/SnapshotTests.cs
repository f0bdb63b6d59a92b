using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Tests.Storages;

namespace Asdamir.Data.Storage.Tests.Sql;

[NeedsPostgreSql]
public sealed class SnapshotOnPostgreSql() : SnapshotTests(static place => OnPostgreSql(place))
{
    private protected override JobDatabase OpenDatabase() =>
        new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
}

public sealed class SnapshotOnSqlite() : SnapshotTests(static place => OnSqlite(place))
{
    private protected override JobDatabase OpenDatabase() => new SqliteDatabase($"Data Source={Place.File}", new SqliteJobStorageOptions());
}

/// <summary>The reads of a list, state after state.</summary>
public abstract class SnapshotTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void Reads_SeeOneMoment_WhileOthersWrite()
    {
        using var database = OpenDatabase();
        database.Migrate();
        Put(database, "one");
        using var snapshot = database.ReadSnapshot();
        Assert.Equal(1, Count(snapshot));

        Put(database, "two");

        Assert.Equal(1, Count(snapshot));
        using var later = database.ReadSnapshot();
        Assert.Equal(2, Count(later));
    }

    [Fact]
    public void Snapshot_CannotWrite()
    {
        using var database = OpenDatabase();
        database.Migrate();
        using var snapshot = database.ReadSnapshot();

        Assert.ThrowsAny<Exception>(() => snapshot.Execute("DELETE FROM {s}lock"));
    }

    private protected abstract JobDatabase OpenDatabase();

    private static void Put(SqlDatabase database, string resource)
    {
        using var session = database.Write();
        session.Execute("INSERT INTO {s}lock (resource, lease_id, token) VALUES (@resource, 1, 1)", ("@resource", resource));
    }

    private static long? Count(Session session) => session.Number("SELECT count(*) FROM {s}lock");
}
