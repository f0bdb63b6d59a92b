using Asdamir.Data.Storage.Tests.Storages;

namespace Asdamir.Data.Storage.Tests.Settings;

public sealed class MigrateOffOnPostgreSql() : MigrateOffTests(static place => OnPostgreSql(place), static place =>
    new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, Migrate = false }));

public sealed class MigrateOffOnSqlite() : MigrateOffTests(static place => OnSqlite(place), static place =>
    new SqliteJobStorage($"Data Source={place.File}", new SqliteJobStorageOptions { Migrate = false }));

/// <summary>A process that only looks creates nothing.</summary>
public abstract class MigrateOffTests(Func<Place, SqlJobStorage> open, Func<Place, SqlJobStorage> openWithout) : OwnStorageTests(open)
{
    [Fact]
    public void FirstUse_IsRefused_AndCreatesNothing_WhenThereAreNoTables()
    {
        using var storage = openWithout(Place);

        var refusal = Assert.Throws<JobStorageUnavailableException>(() => storage.Queues());

        Assert.Contains("Fix:", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Place.File));
        Assert.Throws<JobStorageUnavailableException>(() => storage.Queues());
    }

    [Fact]
    public void FirstUse_Works_WhenAnAppHasCreatedTheTables()
    {
        Assert.Empty(Storage.Queues());
        using var storage = openWithout(Place);

        Assert.Empty(storage.Queues());
    }
}
