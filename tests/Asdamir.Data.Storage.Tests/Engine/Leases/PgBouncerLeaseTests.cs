using Asdamir.Data.Storage.Conformance;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>A proxy that pools transactions keeps the connection of a process that has ended, and with it its locks.</summary>
[NeedsPostgreSql]
public sealed class PgBouncerLeaseTests(StorageServer server) : OwnStorageTests(place => new PostgreSqlJobStorage(
    server.PgBouncer,
    new PostgreSqlJobStorageOptions { Schema = place.Schema, PrepareStatements = false, LeaseTimeout = TimeSpan.FromSeconds(5) }))
{
    [Fact]
    public async Task Lease_HasNoLivenessLock_AndIsRenewed()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        var first = Lease();

        await Until.TrueAsync(() => Lease().ExpiresAt != first.ExpiresAt, "it is renewed");

        Assert.Equal((first.Id, false), (Lease().Id, Lease().HasLock));
    }

    private (long Id, long ExpiresAt, bool HasLock) Lease() => Rows.Query(
        "SELECT id, expires_at, liveness_key IS NOT NULL FROM {s}lease",
        static row => (row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2))).Single();
}
