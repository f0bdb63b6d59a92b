using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests.Console;

internal static class PageExtensions
{
    /// <summary>
    /// Waits until the script of the page listens. Keys that are pressed before, and clicks on what it handles, go unheard.
    /// </summary>
    public static Task ReadyAsync(this IPage page) =>
        page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>Waits until the second is over in which a page of jobs was read: new is what comes later.</summary>
    public static async Task UntilJobsAreNewAsync(this IPage page)
    {
        var live = new Uri(new Uri(page.Url), await page.Locator("[data-live]").GetAttributeAsync("data-live"));
        var since = DateTime.Parse(
            QueryHelpers.ParseQuery(live.Query)["since"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        await Until.TrueAsync(() => DateTime.UtcNow >= since, "that second is over");
    }

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
