using System.Text.RegularExpressions;

namespace ConsoleLoad;

/// <summary>What a browser that was never here fetches for a page, as it goes over the wire.</summary>
internal static partial class FirstLoad
{
    public static async Task<long> MeasureAsync(ConsoleProcess console, string path)
    {
        using var browser = await console.SignInAsync();
        browser.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        using var page = await browser.GetAsync(new Uri(console.Url, path));
        var html = await page.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        long sum = html.Length;
        foreach (Match asset in Asset().Matches(html))
            sum += (await browser.GetByteArrayAsync(new Uri(console.Url, asset.Groups[1].Value))).Length;
        return sum;
    }

    [GeneratedRegex("\"(/assets/[^\"]+)\"")]
    private static partial Regex Asset();
}
