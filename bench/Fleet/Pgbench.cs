using System.Globalization;
using System.Text.RegularExpressions;
using BenchKit;
using Kit;
using Npgsql;

namespace Fleet;

/// <summary>How many small transactions the machine can do: what a figure of this bench is compared with.</summary>
internal static partial class Pgbench
{
    private const int Scale = 10;

    public static Task PrepareAsync(BenchServer server) => RunAsync(server, "-i", "-q", "-s", $"{Scale}");

    /// <returns>Transactions a second.</returns>
    public static async Task<double> MeasureAsync(BenchServer server, int clients, TimeSpan time)
    {
        var output = await RunAsync(server, "-n", "-N", "-M", "prepared", "-c", $"{clients}", "-T", $"{time.TotalSeconds:F0}");
        return double.Parse(TransactionsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<string> RunAsync(BenchServer server, params string[] arguments)
    {
        var place = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        string[] where = ["-h", place.Host!, "-p", $"{place.Port}", "-U", place.Username!, place.Database!];
        var (exitCode, output) = await Tool.RunAsync("pgbench", [.. arguments, .. where], CancellationToken.None);
        return exitCode == 0 ? output : throw new InvalidOperationException($"pgbench failed: {output}");
    }

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex TransactionsPerSecond();
}
