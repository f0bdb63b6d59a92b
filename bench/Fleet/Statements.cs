using System.Text.RegularExpressions;
using BenchKit;
using Fleet.Systems;

namespace Fleet;

/// <summary>Which statements idle processes and lonely jobs take, as <c>pg_stat_statements</c> counts them.</summary>
internal static partial class Statements
{
    private const int IdleProcesses = 10;
    private const int Apps = 5;
    private const int LongestText = 150;
    private const int MostRows = 25;

    public static async Task RunAsync(BenchServer server, Options options)
    {
        var idle = await IdleFigures.MeasureAsync(server, JobSystems.Asdamir, IdleProcesses, options, async apps => await PrintAsync(
            server, apps, $"a second and process, {IdleProcesses} idle processes", options.IdleTime.TotalSeconds * IdleProcesses));
        Console.WriteLine($"\nTransactions a second and process: {idle.Transactions / IdleProcesses:F2}\n");
        var load = await LoadFigures.MeasureAsync(server, JobSystems.Asdamir, Apps, Apps * options.JobsOfApp, options, async (
            apps, jobs) => await PrintAsync(
            server, apps, $"a job, {Apps} apps with {options.JobsOfApp} jobs/s each", jobs));
        Console.WriteLine($"\nTransactions a job: {load.Transactions:F2}, at {load.PerSecond:N0} jobs/s");
    }

    private static async Task PrintAsync(BenchServer server, Apps apps, string unit, double count)
    {
        var statements = (await server.StatementsAsync(apps.Database))
            .Where(static statement => statement.User is AppArguments.Worker or AppArguments.Enqueuer).ToList();
        Console.WriteLine($"| by | statement | calls {unit} | rows of a call | µs of a call |\n|---|---|---:|---:|---:|");
        foreach (var (text, user, calls, rows, milliseconds) in statements.Take(MostRows))
        {
            var line = Space().Replace(text, " ").Replace("|", "\\|", StringComparison.Ordinal);
            var shown = line.Length > LongestText ? $"{line[..LongestText]}…" : line;
            Console.WriteLine(
                $"| {user} | `{shown}` | {calls / count:F3} | {(double)rows / calls:F1} | {milliseconds / calls * 1_000:F0} |");
        }
        Console.WriteLine($"| | all | {statements.Sum(static statement => statement.Calls) / count:F3} | | |");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
