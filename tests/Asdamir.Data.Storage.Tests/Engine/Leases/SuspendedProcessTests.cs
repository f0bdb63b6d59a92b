using Asdamir.Data.Storage.PostgreSql;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

[NeedsPostgreSql]
public sealed class SuspendedProcessTests(StorageServer server)
{
    [Fact]
    public void Leases_CanBeEnded_WhenTheProcessThatWasEndingThemStandsStill()
    {
        using var database = new PostgreSqlDatabase(
            server.ConnectionString, new PostgreSqlJobStorageOptions { Schema = server.NewSchema() });
        database.Migrate();
        using (var dead = database.Write())
            dead.Execute("INSERT INTO {s}lease (owner, expires_at) VALUES ('dead', 0)");
        using var suspended = database.Begin();
        suspended.Execute("DELETE FROM {s}lease");

        using var other = database.Write();
        other.Timeout = Until.Limit;
        Assert.Equal(1, other.Execute("DELETE FROM {s}lease"));
    }
}
