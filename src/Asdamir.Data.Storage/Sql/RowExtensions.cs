using System.Data.Common;

namespace Asdamir.Data.Storage.Sql;

internal static class RowExtensions
{
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static DateTime? TimeOrNull(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Micros.ToUtc(row.GetInt64(column));
}
