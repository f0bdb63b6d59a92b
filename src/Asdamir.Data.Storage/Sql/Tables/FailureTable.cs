namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Failed jobs by the kind of their error.</summary>
internal static class FailureTable
{
    /// <returns>The groups among the newest failed jobs, and how many of these there are.</returns>
    public static (List<FailureRow> Groups, long Read) Groups(ISessions sessions, string? queue, DateTime from, int size, int window)
    {
        using var session = sessions.Read();
        var groups = session.Query(
            $$"""
            SELECT name, queue, failure, count(*), min(state_at), max(state_at), max(id), CAST(sum(count(*)) OVER () AS bigint) FROM (
                SELECT name, queue, failure, state_at, id FROM {s}job
                WHERE {{StateSql.Is("state", JobStates.Failed)}} AND state_at >= @from {{(queue is null ? "" : "AND queue = @queue")}}
                ORDER BY state_at DESC, id DESC LIMIT {{window}}) AS failed
            GROUP BY name, queue, failure ORDER BY 4 DESC, 6 DESC LIMIT {{size}}
            """,
            static row => (
                new FailureRow(
                    row.GetString(0), row.GetString(1), row.TextOrNull(2), row.GetInt64(3), Micros.ToUtc(row.GetInt64(4)),
                    Micros.ToUtc(row.GetInt64(5)), row.GetInt64(6)),
                Read: row.GetInt64(7)),
            queue is null ? [("@from", Micros.Of(from))] : [("@from", Micros.Of(from)), ("@queue", queue)]);
        return (groups.ConvertAll(static group => group.Item1), groups is [var first, ..] ? first.Read : 0);
    }
}

/// <summary>A group of failed jobs.</summary>
internal sealed record FailureRow(
    string Name, string Queue, string? Fingerprint, long Count, DateTime FirstAt, DateTime LastAt, long LastId);
