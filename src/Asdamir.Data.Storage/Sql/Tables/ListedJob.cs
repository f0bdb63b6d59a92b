using System.Data.Common;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A job in a list: its row and its state.</summary>
internal sealed record ListedJob(JobRow Row, CurrentState State)
{
    public const string Columns = $"{JobRow.Columns}, {CurrentState.Columns}";

    /// <summary>How many columns that are.</summary>
    public const int Count = JobRow.Count + CurrentState.Count;

    public static ListedJob Read(DbDataReader row) => new(JobRow.Read(row), CurrentState.Read(row, JobRow.Count));
}
