using System.Globalization;

namespace IsolationUnderLoad;

/// <summary>What B's runs have noted, as tables in Markdown.</summary>
internal static class Report
{
    /// <summary>Ends the phase of a delayed job.</summary>
    public const string DelayedMark = "+";

    public static void Print(Setting setting, string ledger)
    {
        var phases = File.ReadLines(ledger).Select(static line => line.Split(' '))
            .Where(static words => !words[0].StartsWith("warm-up", StringComparison.Ordinal))
            .ToLookup(static words => words[0].EndsWith(DelayedMark, StringComparison.Ordinal), static words =>
                (Phase: words[0].Trim(DelayedMark[0]), Time: double.Parse(words[1], CultureInfo.InvariantCulture)));
        Print($"pick-up of B's jobs in ms, {setting.Name}", phases[false].ToLookup(static job => job.Phase, static job => job.Time));
        Print(
            $"lateness of B's delayed jobs in ms, {setting.Name}", phases[true].ToLookup(static job => job.Phase, static job => job.Time));
    }

    private static void Print(string title, ILookup<string, double> phases)
    {
        var quiet = P99([.. phases["quiet"].Order()]);
        Console.WriteLine($"\n| {title} | runs | p50 | p99 | longest | p99 / quiet |\n|---|---:|---:|---:|---:|---:|");
        foreach (var phase in phases)
        {
            List<double> times = [.. phase.Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {phase.Key.Replace('_', ' ')} | {times.Count:N0} | {times[times.Count / 2]:F1} | {P99(times):F1} | {times[^1]:F1} | "
                    + $"{P99(times) / quiet:F1}× |"));
        }
    }

    private static double P99(List<double> times) => times[times.Count * 99 / 100];
}
