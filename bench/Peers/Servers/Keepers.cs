namespace Peers.Servers;

/// <summary>The servers of a job.</summary>
internal sealed class Keepers : IAsyncDisposable
{
    private readonly Dictionary<Keeper, IPeerServer> _servers = [];

    public static async Task<Keepers> StartAsync(IEnumerable<Peer> peers)
    {
        var keepers = new Keepers();
        foreach (var keeper in peers.Select(static peer => peer.Keeper).Distinct())
        {
            IPeerServer? server = keeper switch
            {
                Keeper.PostgreSql => await PostgreSql.StartAsync(),
                Keeper.Redis => await Redis.StartAsync("always"),
                Keeper.RedisEverySecond => await Redis.StartAsync("everysec"),
                _ => new OwnProcess(),
            };
            if (server is not null)
                keepers._servers.Add(keeper, server);
        }
        return keepers;
    }

    public IPeerServer Of(Keeper keeper) => _servers[keeper];

    public string? Missing(Keeper keeper) =>
        _servers.ContainsKey(keeper) ? null : keeper == Keeper.PostgreSql ? "PostgreSQL is missing" : "redis-server is missing";

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
    }
}
