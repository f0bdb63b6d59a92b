using Hangfire;
using Hangfire.Redis.StackExchange;
using StackExchange.Redis;

namespace Peers;

internal static class HangfireRedis
{
    private static ConnectionMultiplexer? s_connection;

    public static JobStorage Open(string place) =>
        new RedisStorage(s_connection ??= ConnectionMultiplexer.Connect($"{place},allowAdmin=true"));

    public static JobStorage OpenEmpty(string place)
    {
        var storage = Open(place);
        s_connection!.GetServers()[0].FlushDatabase();
        return storage;
    }
}
