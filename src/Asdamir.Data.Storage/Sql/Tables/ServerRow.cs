using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A server that runs, or has ended within a day.</summary>
/// <param name="EndedAt">When it ended; <see langword="null"/> while it runs.</param>
/// <param name="Rescued">How many of its jobs went back to their queues when it died; <see langword="null"/> when it was stopped.</param>
internal sealed record ServerRow(
    string Id, ServerData Data, DateTime StartedAt, DateTime HeartbeatAt, DateTime? EndedAt, long? Rescued)
{
    // A process whose lease is over has died, also when no other process has ended the lease yet. It renewed its lease last when it lived.
    // A server whose lease is gone sent a heartbeat after that: its process lives, and takes another lease.
    public const string Columns = """
        s.id,
        s.data,
        s.started_at,
        s.heartbeat_at,
        coalesce(
            s.ended_at,
            CASE
                WHEN l.expires_at < {now} AND l.expires_at - l.timeout > s.heartbeat_at THEN l.expires_at - l.timeout
                WHEN l.expires_at < {now} THEN s.heartbeat_at
            END),
        CASE WHEN s.ended_at IS NULL THEN 0 ELSE s.rescued END
        """;

    public static ServerRow Read(DbDataReader row)
    {
        var endedAt = row.TimeOrNull(4);
        return new ServerRow(
            row.GetString(0), ServerData.Read(row.GetString(1)), Micros.ToUtc(row.GetInt64(2)), Micros.ToUtc(row.GetInt64(3)), endedAt,
            endedAt is null ? null : row.NumberOrNull(5));
    }
}
