using Asdamir.Data.Storage.Tests;
using Asdamir.Data.Storage.Tests.Storages;
using Npgsql;

[assembly: AssemblyFixture(typeof(StorageServer))]

namespace Asdamir.Data.Storage.Tests;

/// <summary>Where the storages of one test run keep their data; gone after the job.</summary>
public sealed class StorageServer : PostgresServer, IAsyncLifetime
{
    private readonly TemporaryFolder _files = new();

    public async ValueTask InitializeAsync() => await StartAsync();

    public Place NewPlace() => PlaceOf(NewSchema());

    public Place PlaceOf(string name) => new($"{ConnectionString};Maximum Pool Size=200", name, _files.PathOf($"{name}.db"));

    /// <summary>A place in a database whose texts sort as a language says, and not by their bytes.</summary>
    public Place NewPlace(string icuLocale)
    {
        var name = NewSchema();
        using (var create = Database.CreateCommand($"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '{icuLocale}'"))
            create.ExecuteNonQuery();
        return NewPlace() with { PostgreSql = $"{new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }}" };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _files.Dispose();
    }
}
