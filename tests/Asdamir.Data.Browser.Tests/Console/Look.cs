using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>The screen and color scheme of a user.</summary>
public sealed record Look(string Name, int Width, int Height, ColorScheme Scheme)
{
    public static readonly Look Wide = new("wide, light", 1440, 900, ColorScheme.Light);

    public static readonly Look Phone = new("phone, light", 390, 844, ColorScheme.Light);

    public static IReadOnlyCollection<Look> All => Looks.Values;

    public static IEnumerable<Look> Phones => All.Where(static look => look.Width == Phone.Width);

    public static TheoryData<string> Names => [.. Looks.Keys];

    private static Dictionary<string, Look> Looks { get; } = new[]
    {
        Wide, new("wide, dark", 1440, 900, ColorScheme.Dark), Phone, new("phone, dark", 390, 844, ColorScheme.Dark),
    }.ToDictionary(static look => look.Name);

    public static Look Of(string name) => Looks[name];
}
