using System.Data.Common;

namespace Kit;

/// <summary>The tables of a storage, read and written past the storage. Statements say <c>{s}</c> for the schema.</summary>
/// <param name="connect">A new connection, not yet open.</param>
/// <param name="prefix">The schema with its dot, or nothing.</param>
public sealed class Tables(Func<DbConnection> connect, string prefix)
{
    /// <returns>The number of rows it changed.</returns>
    public int Execute(string sql) => Run(sql, static command => command.ExecuteNonQuery());

    public long Count(string fromWhere) => Run($"SELECT count(*) FROM {fromWhere}", static command => (long)command.ExecuteScalar()!);

    public T Value<T>(string sql) => Run(sql, static command => (T)command.ExecuteScalar()!);

    public List<T> Query<T>(string sql, Func<DbDataReader, T> map) => Run(sql, command =>
    {
        using var row = command.ExecuteReader();
        List<T> rows = [];
        while (row.Read())
            rows.Add(map(row));
        return rows;
    });

    private T Run<T>(string sql, Func<DbCommand, T> execute)
    {
        using var connection = connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("{s}", prefix, StringComparison.Ordinal);
        return execute(command);
    }
}
