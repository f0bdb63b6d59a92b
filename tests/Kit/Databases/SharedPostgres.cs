namespace Kit;

/// <summary>One PostgreSQL server for all tests of an assembly, started by the first test that needs it.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(StartAsync);

    public static async Task<PostgresServer> GetAsync()
    {
        NeedsPostgreSqlAttribute.Check();
        return await (
            await TestContext.Current.GetFixture<SharedPostgres>()
                ?? throw new InvalidOperationException("xunit did not create the fixture."))
            ._server.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        await server.StartAsync();
        return server;
    }
}
