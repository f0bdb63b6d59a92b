namespace Asdamir.AdminConsole.Features.Overview;

/// <summary>The span the overview shows.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Points">How many points the chart has.</param>
/// <param name="Step">How long a point lasts.</param>
public sealed record OverviewRange(string Name, string Title, int Points, TimeSpan Step)
{
    public static IReadOnlyList<OverviewRange> All { get; } =
    [
        new("1h", "1 hour", 60, TimeSpan.FromMinutes(1)),
        new("3h", "3 hours", 180, TimeSpan.FromMinutes(1)),
        new("24h", "24 hours", 24, TimeSpan.FromHours(1)),
        new("7d", "7 days", 168, TimeSpan.FromHours(1)),
    ];

    public TimeSpan Span => Points * Step;

    /// <summary>The one of that name, or the first one.</summary>
    public static OverviewRange Of(string? name) => All.FirstOrDefault(range => range.Name == name) ?? All[0];
}
