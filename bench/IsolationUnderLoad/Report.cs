using System.Globalization;

namespace IsolationUnderLoad;

/// <summary>What B's runs have noted, as a table in Markdown.</summary>
internal static class Report
{
    public static void Print(Setting setting, string ledger)
    {
        var phases = File.ReadLines(ledger).Select(static line => line.Split(' ')).Where(static words => words[0] != "warm-up")
            .GroupBy(static words => words[0], static words => double.Parse(words[1], CultureInfo.InvariantCulture)).ToList();
        var quiet = P99([.. phases[0].Order()]);
        Console.WriteLine($"\n| pick-up of B's runs in ms, {setting.Name} | runs | p50 | p99 | longest | p99 / quiet |\n|---|---:|---:|---:|---:|---:|");
        foreach (var phase in phases)
        {
            List<double> times = [.. phase.Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {phase.Key.Replace('_', ' ')} | {times.Count:N0} | {times[times.Count / 2]:F1} | {P99(times):F1} | {times[^1]:F1} | {P99(times) / quiet:F1}× |"));
        }
    }

    private static double P99(List<double> times) => times[times.Count * 99 / 100];
}
