using Asdamir.AdminConsole.Database;
using Microsoft.Data.Sqlite;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>PageReads the audit of one company, newest first.</summary>
internal sealed class AuditReader(ConsoleDatabase database)
{
    private const string WithoutIntents = """
        AND phase <> 'Named'
        AND (phase <> 'Intended'
            OR NOT EXISTS (SELECT 1 FROM audit outcome WHERE outcome.action_id = entry.action_id AND outcome.phase = 'Completed'))
        """;

    // So much of it is in memory at a time, and no read lasts while a slow client takes what was read.
    private const int Chunk = 100;

    /// <param name="company">The company.</param>
    /// <param name="withUnassigned">Also lines that concern no company, such as sign-ins with unknown names: for those who see all
    /// companies.</param>
    /// <param name="withIntents">Also the intents of actions whose outcome is there, and the jobs they were carried out on.</param>
    /// <param name="targetLength">How much of a target is read: it may name a thousand jobs.</param>
    public IReadOnlyList<AuditEntry> Read(
        string company, AuditFilter filter, bool withUnassigned, bool withIntents, int size,
        int targetLength = int.MaxValue) => database.Query(
        $"""
        SELECT id, at, phase, action, action_id, company, actor, role, substr(target, 1, @targetLength), reason,
            done, skipped, failed, remarks, address, trace_id, subject
        FROM audit entry
        WHERE {(withUnassigned ? "(+company = @company OR +company IS NULL)" : "company = @company")}
            AND id < @before
            AND (@actor IS NULL OR actor = @actor COLLATE NOCASE)
            AND (@action IS NULL OR action = @action COLLATE NOCASE OR phase = @action COLLATE NOCASE)
            AND (@from IS NULL OR at >= @from)
            AND (@to IS NULL OR at < @to)
            {(withIntents ? "" : WithoutIntents)}
        ORDER BY id DESC
        LIMIT @size
        """,
        Read,
        ("@company", company), ("@before", filter.Before ?? long.MaxValue), ("@actor", filter.Actor), ("@action", filter.Action),
        ("@from", Millis(filter.From)),
        ("@to", Millis(filter.To)), ("@size", size), ("@targetLength", targetLength));

    /// <summary>All lines, intents included, read as they are taken.</summary>
    public IEnumerable<AuditEntry> ReadAll(string company, AuditFilter filter, bool withUnassigned)
    {
        IReadOnlyList<AuditEntry> chunk;
        do
        {
            chunk = Read(company, filter, withUnassigned, withIntents: true, Chunk);
            foreach (var entry in chunk)
                yield return entry;
            filter = chunk.Count > 0 ? filter with { Before = chunk[^1].Id } : filter;
        }
        while (chunk.Count == Chunk);
    }

    private static long? Millis(DateTime? time) => time is { } known ? new DateTimeOffset(known).ToUnixTimeMilliseconds() : null;

    private static AuditEntry Read(SqliteDataReader row) => new(
        row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)).UtcDateTime, row.GetString(2), row.GetString(3),
        Text(row, 4), Text(row, 5), Text(row, 6), Text(row, 7), Text(row, 8), Text(row, 9), Number(row, 10), Number(row, 11),
        Number(row, 12), Text(row, 13), Text(row, 14), Text(row, 15),
        Text(row, 16));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
