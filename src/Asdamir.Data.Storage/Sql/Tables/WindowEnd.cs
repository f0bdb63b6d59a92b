using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The last row that a search has looked at, and how many it has looked at.</summary>
internal sealed record WindowEnd(SearchCursor Cursor, long Rows)
{
    public static WindowEnd Read(DbDataReader row) =>
        new(new SearchCursor(row.NumberOrNull(0) ?? 0, row.GetInt64(1), row.NumberOrNull(2)), row.GetInt64(3));
}
