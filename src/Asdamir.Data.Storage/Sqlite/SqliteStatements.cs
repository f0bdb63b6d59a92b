using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Prepared statements of one connection, by their text. Values are bound by position, as <c>$1</c>, <c>$2</c>, ….</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public SqliteConnection Connection => connection;

    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    public bool Exists(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() is not null;

    /// <returns>The first number, or <see langword="null"/> when there is no row.</returns>
    public long? Number(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() as long?;

    /// <returns>The first text, or <see langword="null"/> when there is no row.</returns>
    public string? Text(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() as string;

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _commands.Clear();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _commands.Add(sql, command);
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
