using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.Tests.Hostile;

/// <summary>The tables of our storage, as another program gets at them: with SQL.</summary>
internal sealed class StoredTables(StorageKind kind, string connectionString, string schema) : IAsyncDisposable
{
    private static readonly (string Table, string[] Key, string[] Columns)[] Spoilable =
    [
        ("job", ["id"],
            [
                "created_at", "expire_at", "locked_until", "state_at", "state_reason", "state_data", "enqueued_at", "enqueued",
                "started_at",
                "started", "name", "queue", "job_queue",
                "invocation_id", "arguments", "parameters", "arguments", "parameters"
            ]),
        ("invocation", ["id"], ["type", "method", "parameter_types"]),
        ("state", ["id"], ["name", "reason", "created_at", "data"]),
        ("queue", ["id"], ["job_id", "added_at", "deliveries"]),
        ("hash_field", ["key", "field"], ["value"]),
        ("set_item", ["key", "value"], ["score"]),
        ("counter", ["id"], ["value"]),
        ("counter_total", ["key"], ["value"]),
        ("job_metadata", ["job_id", "name"], ["value"]),
        ("server", ["id"], ["data", "started_at"]),
    ];

    private static readonly HashSet<string> Required =
    [
        "created_at", "name", "queue", "parameters", "data", "job_id", "added_at", "deliveries", "score", "started_at"
    ];
    private static readonly HashSet<string> Numbers =
    [
        "created_at", "expire_at", "locked_until", "state_at", "enqueued_at", "invocation_id", "job_id", "added_at", "deliveries",
        "started_at"
    ];
    private static readonly long[] Extremes =
    [
        long.MinValue, -1, 0, 1, 1_700_000_000_000, 253_402_300_799_999_999, 253_402_300_800_000_000, long.MaxValue / 10, long.MaxValue - 1,
        long.MaxValue
    ];
    private static readonly double[] Scores =
    [
        double.NegativeInfinity, double.MinValue, -1, 0, 1.5, 1e18, double.MaxValue, double.PositiveInfinity
    ];

    private readonly DbConnection _connection = kind == StorageKind.Sqlite
        ? new SqliteConnection(connectionString)
        : new NpgsqlConnection(connectionString);

    /// <summary>Changes one value of one row, and says which.</summary>
    public async Task<string> SpoilAsync(Random random)
    {
        var (table, key, columns) = Spoilable[random.Next(4) == 0 ? random.Next(Spoilable.Length) : 0];
        var column = columns[random.Next(columns.Length)];
        var rows = await QueryAsync($"SELECT {string.Join(", ", key)}, {column} FROM {Name(table)} ORDER BY {string.Join(", ", key)}");
        if (rows.Count == 0)
            return $"{table} has no rows";
        var row = rows[random.Next(rows.Count)];
        var value = NewValue(table, column, row[^1], random);
        await ExecuteAsync(
            $"UPDATE {Name(table)} SET {column} = @value WHERE {string.Join(" AND ", key.Select((name, i) => $"{name} = @key{i}"))}",
            [("@value", value), .. key.Select((_, i) => ($"@key{i}", row[i]))]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{table}.{column} of {string.Join('/', row[..^1])} = {(value is string { Length: > 120 } text ? text[..120] + "…" : value)}");
    }

    public async Task<List<object[]>> QueryAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = await CommandAsync(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<object[]> rows = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    public async Task ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = await CommandAsync(sql, parameters);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public string Name(string table) => kind == StorageKind.Sqlite ? table : $"\"{schema}\".{table}";

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (_connection is SqliteConnection sqlite)
            SqliteConnection.ClearPool(sqlite);
    }

    private static object NewValue(string table, string column, object old, Random random)
    {
        var isCounter = table.StartsWith("counter", StringComparison.Ordinal);
        if (column == "score")
            return Scores[random.Next(Scores.Length)];
        if (!Required.Contains(column) && !isCounter && table != "job_metadata" && random.Next(8) == 0)
            return DBNull.Value;
        if (Numbers.Contains(column) || isCounter)
            return Extremes[random.Next(Extremes.Length)];
        var text = Mutation.Of(old as string ?? "", random);
        // No database takes these, nor anything longer into an index.
        return new string(
            [
                .. text.Where(static character => character != '\0' && !char.IsSurrogate(character))
                    .Take(column is "name" or "queue" ? 500 : int.MaxValue)
            ]);
    }

    private async Task<DbCommand> CommandAsync(string sql, (string Name, object Value)[] parameters)
    {
        if (_connection.State != System.Data.ConnectionState.Open)
            await _connection.OpenAsync(TestContext.Current.CancellationToken);
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
