using Asdamir.Data.Storage.PostgreSql;

namespace Asdamir.Data.Storage.Tests.Claims;

public sealed class ClaimPlanTests(StorageServer server)
{
    [Fact]
    public void Claim_LooksAtItsOwnQueueOnly_WhenAnotherOneHasNearlyAllRuns()
    {
        using var database = new PostgreSqlDatabase(server.ConnectionString, new PostgreSqlJobStorageOptions { Schema = server.NewSchema() });
        database.Migrate();
        using var session = database.Begin();
        session.Execute("INSERT INTO {s}queue (queue, job_id, added_at) SELECT 'busy', n, 0 FROM generate_series(1, 50000) AS n");
        session.Execute("ANALYZE {s}queue");
        session.Execute(PostgreSqlClaimSource.Settings);
        session.Execute($"PREPARE claim (text[], bigint, bigint) AS {PostgreSqlClaimSource.Sql}");

        var plan = string.Join('\n', session.Query("EXPLAIN EXECUTE claim ('{quiet}', 10, 1)", static row => row.GetString(0)));

        Assert.Contains("Index Scan using queue_waiting", plan, StringComparison.Ordinal);
    }
}
