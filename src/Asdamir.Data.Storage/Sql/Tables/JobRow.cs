using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A job as it was last read or written by this process.</summary>
internal sealed class JobRow
{
    public const string Columns = $"{First}, {InvocationTable.Columns}, {Last}";

    /// <summary>The same of a statement that has selected them.</summary>
    public const string SelectedColumns = $"{First}, j.type, j.method, j.parameter_types, {Last}";

    /// <summary>How many columns that are.</summary>
    public const int Count = 12;

    /// <summary>The same for a statement that returns what it has changed: SQLite knows no alias there.</summary>
    public static readonly string ReturnedColumns = Columns.Replace("j.", "", StringComparison.Ordinal);

    private const string First = "j.id, j.version, j.state, j.created_at, j.job_queue";
    private const string Last = "j.arguments, j.parameters, j.locked_until, j.started_at";

    public required long Id { get; init; }

    public required long Version { get; set; }

    public required string? State { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required JobCall Invocation { get; init; }

    public required Dictionary<string, string> Parameters { get; init; }

    /// <summary>Whether the row has parameters that no statement can change.</summary>
    public bool HasBrokenParameters { get; init; }

    public long? LockedUntil { get; init; }

    /// <summary>When the attempt began whose entry of the history is in the row; <see langword="null"/> when none is.</summary>
    public long? StartedAt { get; set; }

    public static JobRow Read(DbDataReader row) => Read(row, 0);

    public static JobRow Read(DbDataReader row, int first) => new()
    {
        HasBrokenParameters = !Json.TryRead(row.TextOrNull(first + 9), out var parameters),
        Parameters = parameters,
        Id = row.GetInt64(first),
        Version = row.GetInt64(first + 1),
        State = row.TextOrNull(first + 2),
        CreatedAt = Micros.ToUtc(row.GetInt64(first + 3)),
        Invocation = new JobCall(
            row.TextOrNull(first + 5), row.TextOrNull(first + 6), row.TextOrNull(first + 7), row.TextOrNull(first + 8),
            row.TextOrNull(first + 4)),
        LockedUntil = row.NumberOrNull(first + 10),
        StartedAt = row.NumberOrNull(first + 11),
    };
}
