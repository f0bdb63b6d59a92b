namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Changes of lists, whose newest entry is the first: $1 key, $2 value, or the part that is kept.</summary>
internal static class ListTable
{
    public const string Push = "INSERT INTO {s}list_item (key, value) VALUES ($1, $2)";

    public const string Remove = "DELETE FROM {s}list_item WHERE key = $1 AND value = $2";

    public const string Trim = """
        DELETE FROM {s}list_item WHERE key = $1 AND id NOT IN (
            SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) - 1 AS place FROM {s}list_item WHERE key = $1) AS placed
            WHERE place BETWEEN $2 AND $3)
        """;
}
