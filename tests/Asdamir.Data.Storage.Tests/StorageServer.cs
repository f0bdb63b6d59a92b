using Asdamir.Data.Storage.Tests;
using Asdamir.Data.Storage.Tests.Storages;
using Npgsql;

[assembly: AssemblyFixture(typeof(StorageServer))]

namespace Asdamir.Data.Storage.Tests;

/// <summary>Where the storages keep their data during the tests; the PostgreSQL server starts with the first test that needs it.</summary>
public sealed class StorageServer : IAsyncDisposable
{
    private readonly TemporaryFolder _files = new();
    private readonly Lazy<PostgresServer> _postgres = new(Start);
    private readonly Lazy<PgBouncer> _pgBouncer;
    private int _schemas;

    public StorageServer() => _pgBouncer = new(() => StartPgBouncer(ConnectionString));

    /// <summary>The connection string of a proxy that pools transactions.</summary>
    public string PgBouncer => _pgBouncer.Value.ConnectionString;

    public string ConnectionString => Postgres.ConnectionString;

    public NpgsqlDataSource Database => Postgres.Database;

    private PostgresServer Postgres
    {
        get
        {
            NeedsPostgreSqlAttribute.Check();
            return _postgres.Value;
        }
    }

    public string NewSchema() => $"s{Interlocked.Increment(ref _schemas)}";

    public Place NewPlace() => PlaceOf(NewSchema());

    public Place PlaceOf(string name) => new(() => $"{ConnectionString};Maximum Pool Size=200", name, _files.PathOf($"{name}.db"));

    /// <summary>A place in a database whose texts sort as a language says, and not by their bytes.</summary>
    public Place NewPlace(string icuLocale)
    {
        var name = NewSchema();
        using (var create = Database.CreateCommand(
            $"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '{icuLocale}'"))
        {
            create.ExecuteNonQuery();
        }
        return PlaceOf(name) with
        {
            Connect = () => $"{new NpgsqlConnectionStringBuilder($"{ConnectionString};Maximum Pool Size=200") { Database = name }}"
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_pgBouncer.IsValueCreated)
            await _pgBouncer.Value.DisposeAsync();
        if (_postgres.IsValueCreated)
            await _postgres.Value.DisposeAsync();
        _files.Dispose();
    }

    private static PgBouncer StartPgBouncer(string server) => Task.Run(async () =>
    {
        var proxy = new PgBouncer();
        await proxy.StartAsync(server);
        return proxy;
    }).GetAwaiter().GetResult();

    // Not on the context of the test, whose few threads may all be waiting for this server.
    private static PostgresServer Start() => Task.Run(static async () =>
    {
        var server = new PostgresServer();
        await server.StartAsync();
        return server;
    }).GetAwaiter().GetResult();
}
