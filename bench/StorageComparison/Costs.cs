using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace StorageComparison;

/// <summary>
/// What a measurement cost: processor time of this process and of everything else (the database), transactions and write-ahead log.
/// </summary>
internal sealed record Costs(TimeSpan Own, TimeSpan Others, long Transactions, long WalBytes)
{
    private const double TicksPerSecond = 100;

    public static Costs Read(string connectionString)
    {
        var own = Process.GetCurrentProcess().TotalProcessorTime;
        return new Costs(own, TotalProcessorTime() - own, ReadNumber(
            connectionString, "select xact_commit from pg_stat_database where datname = current_database()"),
            ReadNumber(connectionString, "select (pg_current_wal_insert_lsn() - '0/0')::bigint"));
    }

    public string Since(Costs before, int jobs) => string.Create(CultureInfo.InvariantCulture,
        $"{(Own - before.Own).TotalMicroseconds / jobs,5:F0} µs here, {(Others - before.Others).TotalMicroseconds / jobs,5:F0} µs "
            + $"elsewhere, {(double)(Transactions - before.Transactions) / jobs:F2} transactions, "
            + $"{(double)(WalBytes - before.WalBytes) / jobs:F0} bytes of WAL a job");

    private static TimeSpan TotalProcessorTime()
    {
        // user, nice, system of all processors
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromSeconds(fields[1..4].Sum(static field => double.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    private static long ReadNumber(string connectionString, string sql)
    {
        if (connectionString.Length == 0)
            return 0;
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using (var flush = new NpgsqlCommand("select pg_stat_force_next_flush()", connection))
            flush.ExecuteNonQuery();
        using var command = new NpgsqlCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }
}
