using System.Globalization;

namespace StorageComparison;

/// <summary>Collects the figures of all rounds.</summary>
internal sealed class Report
{
    private readonly Dictionary<string, Dictionary<string, List<double>>> _figures = [];

    public void Add(string storage, string measure, double figure)
    {
        if (!_figures.TryGetValue(storage, out var measures))
            _figures.Add(storage, measures = []);
        if (!measures.TryGetValue(measure, out var figures))
            measures.Add(measure, figures = []);
        figures.Add(figure);
    }

    /// <summary>A table in Markdown: medians, and in brackets the ratio to Hangfire.PostgreSql when it was measured.</summary>
    public void Print()
    {
        var measures = _figures.Values.First().Keys.ToList();
        var peer = _figures.GetValueOrDefault(Candidate.HangfirePostgreSql);
        Console.WriteLine();
        Console.WriteLine($"| jobs per second | {string.Join(" | ", measures)} |");
        Console.WriteLine($"|---|{string.Concat(measures.Select(static _ => "---:|"))}");
        foreach (var (name, figures) in _figures)
        {
            var cells = measures.Select(measure => peer is null || name == Candidate.HangfirePostgreSql
                ? Number(Median(figures[measure]))
                : $"{Number(Median(figures[measure]))} "
                    + $"({(Median(figures[measure]) / Median(peer[measure])).ToString("F1", CultureInfo.InvariantCulture)}×)");
            Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
