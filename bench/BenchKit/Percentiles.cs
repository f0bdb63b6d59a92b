namespace BenchKit;

/// <summary>Where most of some figures are.</summary>
public static class Percentiles
{
    public static double Median(this IEnumerable<double> figures) => figures.Percentile(50);

    /// <returns><see cref="double.NaN"/> when there are no figures.</returns>
    public static double Percentile(this IEnumerable<double> figures, int percent)
    {
        List<double> sorted = [.. figures.Order()];
        return sorted.Count == 0 ? double.NaN : sorted[sorted.Count * percent / 100];
    }
}
