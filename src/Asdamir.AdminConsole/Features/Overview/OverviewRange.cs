using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Features.Overview;

/// <summary>The period the overview shows.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Points">The number of points of the chart.</param>
/// <param name="Step">The length of a point.</param>
public sealed record OverviewRange(string Name, int Points, TimeSpan Step)
{
    public static IReadOnlyList<OverviewRange> All { get; } =
    [
        new("1h", 60, TimeSpan.FromMinutes(1)),
        new("3h", 180, TimeSpan.FromMinutes(1)),
        new("24h", 24, TimeSpan.FromHours(1)),
        new("7d", 168, TimeSpan.FromHours(1)),
    ];

    public string Title => OverviewTexts.GetResourceString($"Range{Name}", Name);

    public TimeSpan Span => Points * Step;

    /// <summary>The overview of this range.</summary>
    /// <param name="showsAll">Whether all apps that need attention are listed, and not only the worst.</param>
    internal string Link(string company, string? app, bool showsAll) =>
        PageMap.Overview.Link(company, app, ("range", this == All[0] ? null : Name), ("attention", showsAll ? "all" : null));

    /// <summary>The range of that name, or the first one.</summary>
    public static OverviewRange Of(string? name) => All.FirstOrDefault(range => range.Name == name) ?? All[0];
}
