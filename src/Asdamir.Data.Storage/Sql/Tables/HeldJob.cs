using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A job that has a unique key, as a call finds it that replaces it.</summary>
internal sealed record HeldJob
{
    private const string Entry = $$"""
        (SELECT min(d.value) FROM {s}set_item AS d
            WHERE d.key = '{{DueSets.Delayed}}' AND d.value IN (CAST(j.id AS text), j.job_queue || ':' || CAST(j.id AS text)))
        """;

    // One statement, as a job may be moved or claimed between two without a change of its version. No index finds a waiting row by its
    // job, so the queues are only read when the job must be in one.
    private static readonly string Select = $$"""
        SELECT
            {{JobRow.Columns}},
            CASE WHEN j.started_at IS NOT NULL
                OR coalesce(j.state, '') NOT IN ('{{JobStates.Enqueued}}', '{{JobStates.Scheduled}}', '{{JobStates.Awaiting}}')
                OR EXISTS (SELECT 1 FROM {s}state AS s WHERE s.job_id = j.id AND s.name = '{{JobStates.Processing}}')
                OR EXISTS (SELECT 1 FROM {s}queue AS q WHERE q.job_id = j.id AND q.claimed_by IS NOT NULL)
                THEN 1 ELSE 0 END,
            CASE WHEN {{JobTable.IsFree}} THEN 0 ELSE 1 END,
            {{Entry}},
            CASE WHEN j.state <> '{{JobStates.Awaiting}}' AND {{Entry}} IS NULL
                THEN (SELECT min(q.id) FROM {s}queue AS q WHERE q.job_id = j.id AND q.claimed_by IS NULL) END
        FROM {s}job AS j WHERE j.id = @id
        """;

    public required JobRow Row { get; init; }

    /// <summary>Whether an attempt has begun, or a process has claimed it.</summary>
    public required bool HasBegun { get; init; }

    /// <summary>Whether another writer has marked the row.</summary>
    public required bool IsLocked { get; init; }

    /// <summary>Its entry among the delayed jobs; <see langword="null"/> when there is none.</summary>
    public required string? Delayed { get; init; }

    /// <summary>Its row in a queue; <see langword="null"/> when it is in none.</summary>
    public required long? Place { get; init; }

    /// <summary>The queue of that row.</summary>
    public string? Queue { get; private init; }

    public static HeldJob? Find(Session session, long id)
    {
        var held = session.First(Select, Read, ("@id", id));
        return held?.Place is not { } place ? held : held with
        {
            Queue = session.First("SELECT queue FROM {s}queue WHERE id = @id", static row => row.GetString(0), ("@id", place)),
        };
    }

    /// <summary>Locks, in a transaction that stays open, what the job has: it cannot begin or be moved before that ends.</summary>
    /// <returns>Whether it still is what was found.</returns>
    public bool TryLock(Session session) =>
        (Place is not { } place
            || session.Number("SELECT 1 FROM {s}queue WHERE id = @id AND claimed_by IS NULL FOR UPDATE", ("@id", place)) is not null)
        && (Delayed is null
            || session.Number(
                "SELECT 1 FROM {s}set_item WHERE key = @key AND value = @value FOR UPDATE",
                ("@key", DueSets.Delayed), ("@value", Delayed)) is not null)
        && session.Number(
            "SELECT 1 FROM {s}job WHERE id = @id AND version = @version FOR NO KEY UPDATE",
            ("@id", Row.Id), ("@version", Row.Version)) is not null;

    private static HeldJob Read(DbDataReader row) => new()
    {
        Row = JobRow.Read(row),
        HasBegun = row.GetInt64(JobRow.Count) != 0,
        IsLocked = row.GetInt64(JobRow.Count + 1) != 0,
        Delayed = row.TextOrNull(JobRow.Count + 2),
        Place = row.NumberOrNull(JobRow.Count + 3),
    };
}
