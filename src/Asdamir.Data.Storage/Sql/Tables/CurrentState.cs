using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The state of a job, as its row has it.</summary>
internal sealed record CurrentState(string? Name, string? Reason, long? At, string? Text)
{
    /// <summary>The text of its data: the row has that of Enqueued and Processing where their entries of the history are.</summary>
    public const string TextColumn =
        "coalesce(j.state_data, CASE j.state WHEN 'Enqueued' THEN j.enqueued WHEN 'Processing' THEN j.started END)";

    public const string Columns = $"j.state, j.state_reason, j.state_at, {TextColumn}";

    /// <summary>How many columns that are.</summary>
    public const int Count = 4;

    /// <summary>When the latest attempt began.</summary>
    public const string StartedAt = """
        coalesce(
            j.started_at,
            CASE WHEN j.state = 'Processing' THEN j.state_at END,
            (SELECT max(s.created_at) FROM {s}state AS s WHERE s.job_id = j.id AND s.name = 'Processing'))
        """;

    public Dictionary<string, string> Data => StateText.Read(Name, At, Text);

    public static CurrentState Read(DbDataReader row, int first) =>
        new(row.TextOrNull(first), row.TextOrNull(first + 1), row.NumberOrNull(first + 2), row.TextOrNull(first + 3));
}
