using System.Globalization;

namespace Chaos.Soak;

/// <summary>Whether the last third looks like the one before it.</summary>
internal static class Verdict
{
    // Memory and tables vary by some percent, latency by more on a busy machine.
    private static readonly (string Name, Func<Sample, double> Figure, double MostGrowth, double Slack)[] Figures =
    [
        ("pick-up p50", static sample => sample.P50, 1.5, 1),
        ("pick-up p99", static sample => sample.P99, 1.5, 10),
        ("managed heap", static sample => sample.HeapMegabytes, 1.1, 2),
        ("RSS", static sample => sample.MemoryMegabytes, 1.1, 10),
        ("tables", static sample => sample.TableMegabytes, 1.1, 10),
        ("connections", static sample => sample.Connections, 1, 3),
        ("leases", static sample => sample.Leases, 1, 0),
        ("locks", static sample => sample.Locks, 1, 2),
        ("servers", static sample => sample.Servers, 1, 0),
        ("lanes", static sample => sample.CommitConnections, 1, 4),
    ];

    public static bool Print(IReadOnlyList<Sample> samples)
    {
        var third = Math.Max(samples.Count / 3, 1);
        var isFlat = true;
        Console.WriteLine("\n| median | second third | last third | |\n|---|---:|---:|---|");
        foreach (var (name, figure, mostGrowth, slack) in Figures)
        {
            var before = Median(samples.Skip(third).Take(third));
            var after = Median(samples.Skip(2 * third));
            var isBounded = after <= (before * mostGrowth) + slack;
            isFlat &= isBounded;
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {name} | {before:F1} | {after:F1} | {(isBounded ? "flat" : "GROWS")} |"));

            double Median(IEnumerable<Sample> some) => some.Select(figure).Order().ElementAtOrDefault(some.Count() / 2);
        }
        return isFlat;
    }
}
