using Apps.Kit;
using Asdamir.Data.Isolation.Tests;

[assembly: AssemblyFixture(typeof(CompanyServer))]

namespace Asdamir.Data.Isolation.Tests;

/// <summary>The database server and the folder of files of all companies, with the ledger of their work.</summary>
public sealed class CompanyServer : PostgresServer, IAsyncLifetime
{
    private readonly TemporaryFolder _files = new();

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await using var ledger = Database.CreateCommand(WorkLedger.Schema);
        await ledger.ExecuteNonQueryAsync();
    }

    public Company OnPostgreSql()
    {
        var schema = NewSchema();
        return new Company(this, schema, new PostgreSqlTables(ConnectionString, schema));
    }

    public Company OnSqlite()
    {
        var name = NewSchema();
        return new Company(this, name, new SqliteTables(_files.PathOf($"{name}.db")));
    }

    public override async ValueTask DisposeAsync()
    {
        _files.Dispose();
        await base.DisposeAsync();
    }
}
