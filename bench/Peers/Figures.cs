namespace Peers;

/// <summary>All figures of a peer.</summary>
internal sealed class Figures
{
    private readonly Dictionary<string, List<double>> _rounds = [];

    /// <summary>Why there are none, or not all.</summary>
    public string? Missing { get; set; }

    public List<double> Pickups { get; } = [];

    public void Add(string measure, double figure)
    {
        if (!_rounds.TryGetValue(measure, out var figures))
            _rounds.Add(measure, figures = []);
        figures.Add(figure);
    }

    public double? Median(string measure) =>
        _rounds.TryGetValue(measure, out var figures) ? figures.Order().ElementAt(figures.Count / 2) : null;

    public double? Last(string measure) => _rounds.TryGetValue(measure, out var figures) ? figures[^1] : null;

    public double? Pickup(int percent) => Pickups.Count == 0 ? null : Pickups.Order().ElementAt(Pickups.Count * percent / 100);
}
