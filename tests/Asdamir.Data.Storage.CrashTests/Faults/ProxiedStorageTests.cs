namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>Storages that reach their server through a proxy, which loses what a test tells it to lose.</summary>
public abstract class ProxiedStorageTests(FaultServer server) : IClassFixture<FaultServer>, IDisposable
{
    private protected FaultProxy Proxy { get; } = new(server.ConnectionString);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Proxy.Dispose();
    }

    private protected static (string Id, long ExpiresAt) Lease(PostgreSqlPlace place) =>
        Assert.Single(place.Query("SELECT id::text, expires_at FROM {s}lease"));

    private protected PostgreSqlPlace NewPlace(string more = "") => new(server, $"{Proxy.ConnectionString};{more}");

    private protected static string Describe(PostgreSqlPlace place) =>
        string.Join(", ", place.States().Select(static state => $"{state.Value} {state.Key}")) + "; "
        + string.Join(
            ", ",
            place.Query(
                "SELECT 'job ' || id || ': ' || state_reason || ' ' || state_data, version FROM {s}job WHERE state = 'Failed' LIMIT 3")
                .Select(static row => row.Text))
        + string.Join(
            ", ",
            place.Query(
                "SELECT 'job ' || job_id || ' claimed by ' || coalesce(claimed_by::text, 'none'), deliveries FROM {s}queue LIMIT 10")
                .Select(static row => $"{row.Text} ({row.Number})"));
}
