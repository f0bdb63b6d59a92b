namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The condition that a job is in a state.</summary>
internal static class StateSql
{
    // As the indexes of jobs at rest have it.
    private const string AtRest = "NOT IN ('Enqueued', 'Processing')";

    /// <summary>The rows of jobs in a state, as <see cref="CappedCounts"/> counts them.</summary>
    public static string Rows(string state) => $"FROM {{s}}job WHERE {Is("state", state)}";

    /// <remarks>
    /// The name stands in the statement itself, and the condition of the index beside it: PostgreSQL takes a partial index only where
    /// the name implies its condition, SQLite only where that is written out.
    /// </remarks>
    public static string Is(string column, string state)
    {
        var condition = $"{column} = '{StorableText.Of(state).Replace("'", "''", StringComparison.Ordinal)}'";
        return state == JobStates.Enqueued || state == JobStates.Processing ? condition : $"{condition} AND {column} {AtRest}";
    }
}
