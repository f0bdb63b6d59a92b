using StorageComparison;

namespace Peers;

/// <summary>All peers. What they promise is what their documentation or source says of the settings they are measured with.</summary>
internal static class Catalogue
{
    public const string Redis = "Hangfire.Redis.StackExchange";
    public const string Quartz = "Quartz.NET";
    public const string Wolverine = "Wolverine";
    public const string Rebus = "Rebus";

    private const string ReturnsAfterCommit = "yes";
    private const string UpToASecond = "no, up to 1 s lost";

    public static readonly IReadOnlyList<Peer> All =
    [
        new("`PostgreSqlJobStorage`", Candidate.PostgreSql, Runtime.DotNet, Keeper.PostgreSql, ReturnsAfterCommit, "yes", "5–8 s"),
        new("`SqliteJobStorage`", Candidate.Sqlite, Runtime.DotNet, Keeper.File, ReturnsAfterCommit, "yes", "5–8 s"),
        new("Hangfire.PostgreSql", Candidate.HangfirePostgreSql, Runtime.DotNet, Keeper.PostgreSql, ReturnsAfterCommit, "yes", "30 min"),
        new("Hangfire.Redis, fsync always", Redis, Runtime.DotNet, Keeper.Redis, ReturnsAfterCommit, "yes", "5–11 min"),
        new("Hangfire.Redis, fsync every second", Redis, Runtime.DotNet, Keeper.RedisEverySecond, UpToASecond, "yes", "5–11 min"),
        new("Hangfire.InMemory", Candidate.InMemory, Runtime.DotNet, Keeper.Memory, "no", "no", "lost"),
        new("Quartz.NET, clustered", Quartz, Runtime.DotNet, Keeper.PostgreSql, ReturnsAfterCommit, "yes, on request", "15–23 s"),
        new("Wolverine, durable inbox and outbox", Wolverine, Runtime.DotNet, Keeper.PostgreSql, ReturnsAfterCommit, "yes", "about 1 min"),
        new("Rebus", Rebus, Runtime.DotNet, Keeper.PostgreSql, ReturnsAfterCommit, "yes", "at once"),
        new("graphile-worker", "graphile-worker", Runtime.Node, Keeper.PostgreSql, ReturnsAfterCommit, "yes", "4 h"),
        new(
            "graphile-worker, local queue, batched completion", "graphile-worker-batches", Runtime.Node, Keeper.PostgreSql,
            ReturnsAfterCommit, "yes, finished ones too", "4 h"),
        new("pg-boss, batches of 50", "pg-boss", Runtime.Node, Keeper.PostgreSql, ReturnsAfterCommit, "yes, by batch", "15–16 min"),
        new("BullMQ, fsync always", "bullmq", Runtime.Node, Keeper.Redis, ReturnsAfterCommit, "yes, recovered once", "30–60 s"),
        new("BullMQ, fsync every second", "bullmq", Runtime.Node, Keeper.RedisEverySecond, UpToASecond, "yes, recovered once", "30–60 s"),
    ];
}
