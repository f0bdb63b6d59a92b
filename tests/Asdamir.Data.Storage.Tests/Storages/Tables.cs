using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Storages;

/// <summary>The tables of a storage, past the storage. Statements say <c>{s}</c> for the schema.</summary>
public sealed class Tables(Func<DbConnection> connect, string prefix)
{
    public static Tables PostgreSql(Place place) => new(() => new NpgsqlConnection(place.PostgreSql), $"\"{place.Schema}\".");

    public static Tables Sqlite(Place place) => new(() => new SqliteConnection($"Data Source={place.File}"), "");

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
