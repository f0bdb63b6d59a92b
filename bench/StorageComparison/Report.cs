using System.Globalization;

namespace StorageComparison;

internal static class Report
{
    /// <summary>A table in Markdown: medians, and in brackets the ratio to Hangfire.PostgreSql when it was measured.</summary>
    public static void Print(Dictionary<string, Dictionary<string, List<double>>> results)
    {
        var measures = results.Values.First().Keys.ToList();
        var peer = results.GetValueOrDefault(Candidate.HangfirePostgreSql);
        Console.WriteLine();
        Console.WriteLine($"| jobs per second | {string.Join(" | ", measures)} |");
        Console.WriteLine($"|---|{string.Concat(measures.Select(static _ => "---:|"))}");
        foreach (var (name, figures) in results)
        {
            var cells = measures.Select(measure => peer is null || name == Candidate.HangfirePostgreSql
                ? Number(Median(figures[measure]))
                : $"{Number(Median(figures[measure]))} ({(Median(figures[measure]) / Median(peer[measure])).ToString("F1", CultureInfo.InvariantCulture)}×)");
            Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
