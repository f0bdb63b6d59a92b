using System.Globalization;
using Kit;

namespace Chaos.Soak;

/// <summary>The company at one moment.</summary>
internal sealed record Sample(
    TimeSpan At, double PerSecond, double P50, double P99, double HeapMegabytes, double MemoryMegabytes, double TableMegabytes,
    long Jobs, long Connections, long Leases, long Locks, long Servers, long CommitConnections)
{
    public const string Header = "| minute | jobs/s | pick-up p50 ms | p99 ms | heap MB | RSS MB | tables MB | jobs kept | connections | "
        + "leases | locks | servers | lanes |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

    private const string Sql = """
        SELECT (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'company' AND c.relkind = 'r')::bigint,
            (SELECT n_live_tup FROM pg_stat_user_tables WHERE schemaname = 'company' AND relname = 'job'),
            (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()),
            (SELECT count(*) FROM company.lease), (SELECT count(*) FROM company.lock), (SELECT count(*) FROM company.server), (SELECT count(*) FROM company.lane)
        """;

    /// <param name="figures">The last lines of the workers' ledgers.</param>
    public static async Task<Sample> TakeAsync(
        TimeSpan at, double perSecond, List<double[]> figures, IEnumerable<int> processes, PostgresServer server)
    {
        await using var command = server.Database.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new Sample(
            at, perSecond, figures.Average(static line => line[1]), figures.Max(static line => line[2]),
            figures.Sum(static line => line[3]) / 1e6,
            processes.Sum(ResidentMegabytes), row.GetInt64(0) / 1e6, row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            row.GetInt64(5), row.GetInt64(6));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {At.TotalMinutes:F1} | {PerSecond:N0} | {P50:F1} | {P99:F1} | {HeapMegabytes:F0} | {MemoryMegabytes:F0} | {TableMegabytes:N0} "
            + $"| {Jobs:N0} | {Connections} | {Leases} | {Locks} | {Servers} | {CommitConnections} |");

    private static double ResidentMegabytes(int process) =>
        double.Parse(
            File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("VmRSS", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1_000;
}
