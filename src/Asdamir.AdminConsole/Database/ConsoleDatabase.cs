using Microsoft.Data.Sqlite;

namespace Asdamir.AdminConsole.Database;

/// <summary>The console's own file: accounts, sessions and the audit. A write returns when it is on the disk.</summary>
internal sealed class ConsoleDatabase
{
    private readonly string _connectionString;

    /// <exception cref="ConsoleMisconfiguredException">Other users may read the folder, or a newer console has updated the
    /// file.</exception>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="SqliteException">The file cannot be used.</exception>
    public ConsoleDatabase(string folder)
    {
        if (PrivateFolder.Open(folder) is { } fault)
            throw new ConsoleMisconfiguredException([fault]);
        var path = Path.Combine(folder, "console.db");
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        using (var connection = Open())
            Migrations.Apply(connection, path);
        if (PrivateFolder.RestrictFiles(folder) is { } open)
            throw new ConsoleMisconfiguredException([open]);
    }

    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var connection = Open();
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Executes several statements in one transaction.</summary>
    public void ExecuteTogether(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var connection = Open();
        using var command = Command(connection, sql, parameters);
        using var row = command.ExecuteReader();
        List<T> rows = [];
        while (row.Read())
            rows.Add(read(row));
        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = FULL";
        command.ExecuteNonQuery();
        return connection;
    }
}
