using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>What must hold for every page, as a browser shows it.</summary>
internal static class Accessibility
{
    // Evaluated once for each document: it is half a megabyte.
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Shows the page that is open in each of the looks.</summary>
    /// <returns>Which rules of accessibility it breaks there, and where it is wider than the screen.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(this IPage page, IEnumerable<Look> looks)
    {
        List<string> faults = [];
        foreach (var look in looks)
        {
            await page.SetViewportSizeAsync(look.Width, look.Height);
            await page.EmulateMediaAsync(new() { ColorScheme = look.Scheme });
            // While the pages change into each other, colours are in between.
            await page.EvaluateAsync(
                "() => Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => {})))");
            if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
                await page.EvaluateAsync(Axe);
            var broken = await page.EvaluateAsync<string[]>("""
                async () => (await axe.run({ resultTypes: ["violations"] })).violations.map(violation =>
                    `${violation.id} at ${violation.nodes.slice(0, 3).map(node => node.html).join(", ")}`)
                """);
            faults.AddRange(broken.Select(rule => $"{look.Name}: {rule}"));
            // A short page keeps room for a scroll bar that it does not have.
            var over = await page.EvaluateAsync<int>(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over > 0)
                faults.Add($"{look.Name}: {over} px too wide");
        }
        return faults;
    }
}
