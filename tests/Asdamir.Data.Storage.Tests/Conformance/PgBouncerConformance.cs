namespace Asdamir.Data.Storage.Tests.Conformance;

/// <summary>Behind a proxy that pools transactions, which passes on no notifications.</summary>
[NeedsPostgreSql]
public sealed class PgBouncerConformance(StorageServer server) : PostgreSqlConformance(server)
{
    protected override TimeSpan WakeLimit => Until.Limit;

    private protected override string ConnectionString => Server.PgBouncer;

    private protected override void Configure(PostgreSqlJobStorageOptions options)
    {
        options.PrepareStatements = false;
        options.PollInterval = TimeSpan.FromMilliseconds(200);
    }
}
