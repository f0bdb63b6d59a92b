using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>What is paused. Nearly always empty; a claim looks each of its queues up.</summary>
internal static class PauseTable
{
    /// <summary>
    /// A condition of a row <c>p</c>: that it pauses the queue of its name. By the clock of the database, so that a pause ends at one
    /// moment for all processes.
    /// </summary>
    public const string PausesQueue = $"p.kind = '{Queue}' AND {Holds}";

    private const string Queue = "queue";

    private const string Holds = "(p.expire_at IS NULL OR p.expire_at > {now})";

    private const string Columns = "kind, name, reason, paused_by, paused_at, expire_at";

    /// <returns><see langword="null"/> when the end has passed: then nothing is written.</returns>
    public static JobPause? Put(ISessions sessions, JobPauseKind kind, string name, string? reason, string? by, long? until)
    {
        using var session = sessions.Write();
        return session.First(
            $$"""
            INSERT INTO {s}pause ({{Columns}})
            SELECT @kind, @name, @reason, @by, {now}, CAST(@until AS bigint)
            WHERE CAST(@until AS bigint) IS NULL OR CAST(@until AS bigint) > {now}
            ON CONFLICT (kind, name) DO UPDATE
            SET reason = excluded.reason,
                paused_by = excluded.paused_by,
                paused_at = excluded.paused_at,
                expire_at = excluded.expire_at
            RETURNING {{Columns}}
            """,
            Read, ("@kind", NameOf(kind)), ("@name", name), ("@reason", reason), ("@by", by), ("@until", until));
    }

    /// <returns>Whether there was one that had not ended.</returns>
    public static bool Remove(ISessions sessions, JobPauseKind kind, string name)
    {
        using var session = sessions.Write();
        return session.Execute(
            $"DELETE FROM {{s}}pause AS p WHERE p.kind = @kind AND p.name = @name AND {Holds}",
            ("@kind", NameOf(kind)), ("@name", name)) > 0;
    }

    // A kind that a newer package has written is left out.
    public static List<JobPause> All(ISessions sessions)
    {
        using var session = sessions.Read();
        return session.Query($"SELECT {Columns} FROM {{s}}pause AS p WHERE {PausesQueue} ORDER BY kind, name", Read);
    }

    private static string NameOf(JobPauseKind kind) => kind switch
    {
        JobPauseKind.Queue => Queue,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"It must be {JobPauseKind.Queue}."),
    };

    private static JobPause Read(DbDataReader row) => new()
    {
        Kind = JobPauseKind.Queue,
        Name = row.GetString(1),
        Reason = row.TextOrNull(2),
        By = row.TextOrNull(3),
        At = Micros.ToUtc(row.GetInt64(4)),
        Until = row.TimeOrNull(5),
    };
}
