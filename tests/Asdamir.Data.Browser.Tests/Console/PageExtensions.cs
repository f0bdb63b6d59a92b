using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests.Console;

internal static class PageExtensions
{
    /// <summary>
    /// Waits until the script of the page listens. Keys that are pressed before, and clicks on what it handles, go unheard.
    /// </summary>
    public static Task ReadyAsync(this IPage page) =>
        page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>
    /// Presses keys one after the other that the page takes together when they come within two seconds, which a busy machine may not manage
    /// at once.
    /// </summary>
    public static async Task PressTogetherAsync(this IPage page, string first, string second, Uri goal)
    {
        for (var attempt = 1; page.Url != goal.ToString(); attempt++)
        {
            await page.ReadyAsync();
            await page.Keyboard.PressAsync(first);
            await page.Keyboard.PressAsync(second);
            try
            {
                await page.WaitForURLAsync(goal.ToString(), new() { Timeout = 5_000 });
            }
            catch (TimeoutException) when (attempt < 20)
            {
            }
        }
    }
}
