using Asdamir.Data.Storage.Tests.Storages;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Sql;

[NeedsPostgreSql]
public sealed class MigrateOffOnPostgreSql() : MigrateOffTests(static place => OnPostgreSql(place), static place =>
    new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, Migrate = false }))
{
    private protected override bool IsAnythingThere()
    {
        using var source = NpgsqlDataSource.Create(Place.PostgreSql);
        using var command = source.CreateCommand("SELECT 1 FROM pg_namespace WHERE nspname = $1");
        command.Parameters.AddWithValue(Place.Schema);
        return command.ExecuteScalar() is not null;
    }
}

public sealed class MigrateOffOnSqlite() : MigrateOffTests(static place => OnSqlite(place), static place =>
    new SqliteJobStorage($"Data Source={place.File}", new SqliteJobStorageOptions { Migrate = false }))
{
    private protected override bool IsAnythingThere() => File.Exists(Place.File);
}

/// <summary>A process that only looks creates nothing.</summary>
public abstract class MigrateOffTests(Func<Place, SqlJobStorage> open, Func<Place, SqlJobStorage> openWithout) : OwnStorageTests(open)
{
    private protected abstract bool IsAnythingThere();

    [Fact]
    public void FirstUse_IsRefused_AndCreatesNothing_WhenThereAreNoTables()
    {
        using var storage = openWithout(Place);

        var refusal = Assert.Throws<JobStorageUnavailableException>(() => storage.Queues());

        Assert.Contains("Fix:", refusal.Message, StringComparison.Ordinal);
        Assert.False(IsAnythingThere());
        Assert.Throws<JobStorageUnavailableException>(() => storage.Queues());
    }

    [Fact]
    public void FirstUse_Works_WhenAnAppHasCreatedTheTables()
    {
        Assert.Empty(Storage.Queues());
        Assert.True(IsAnythingThere());
        using var storage = openWithout(Place);

        Assert.Empty(storage.Queues());
    }
}
