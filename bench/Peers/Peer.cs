namespace Peers;

/// <summary>A job system that is measured, and what it promises.</summary>
/// <param name="Key">Which code runs it, in <see cref="PeerHost"/> or node/serve.js.</param>
/// <param name="DurableOnReturn">Whether what an enqueue call returned survives the loss of power.</param>
/// <param name="AtLeastOnce">Whether a job that was begun runs again when its process dies.</param>
/// <param name="Recovery">How long after kill -9 of a worker its jobs run again, by its own defaults.</param>
internal sealed record Peer(
    string Name, string Key, Runtime Runtime, Keeper Keeper, string DurableOnReturn, string AtLeastOnce, string Recovery);

internal enum Runtime
{
    DotNet,
    Node,
}

internal enum Keeper
{
    PostgreSql,
    Redis,
    RedisEverySecond,
    File,
    Memory,
}
