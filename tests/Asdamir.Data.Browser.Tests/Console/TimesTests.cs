using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>Times are those of the reader's place, or of UTC; addresses have UTC.</summary>
public sealed class TimesTests(SharedSite shared) : SharedSiteTests(shared)
{
    // Five and a half hours ahead of UTC all year, and in the next day long before it.
    private const string Zone = "Asia/Kolkata";
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(5.5);

    [Fact]
    public async Task Times_AreLocal_UntilUtcIsChosen()
    {
        var page = await Site.SignInAsync(Look.Phone, Zone);
        await page.GotoAsync($"/shop/jobs/{FailedId}");
        await page.ReadyAsync();
        var time = page.Locator(".facts time").First;
        var at = DateTime.Parse(
            (await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        await Expect(time).ToHaveTextAsync(new Regex($"^{Text(at + Ahead)} (GMT\\+5:30|IST)$"));

        await page.Locator("button.user").ClickAsync();
        await page.Locator("[data-cookie=console-zone]").SelectOptionAsync("utc");

        await Expect(time).ToHaveTextAsync($"{Text(at)} UTC");
        await page.GotoAsync("/shop/jobs?from=2026-11-27T04:00:00Z");
        await Expect(page.Locator(".chip")).ToContainTextAsync("from 2026-11-27 04:00:00 UTC");
    }

    [Fact]
    public async Task Form_TakesLocalTimes_AndItsAddressHasUtc()
    {
        var page = await Site.SignInAsync(Look.Phone, Zone);
        await page.GotoAsync("/shop/jobs?from=2026-11-27T04:00:00Z");
        await page.ReadyAsync();
        await Expect(page.Locator(".chip")).ToContainTextAsync("from 2026-11-27 09:30:00");
        await page.Locator("#filters summary").ClickAsync();
        await Expect(page.Locator("[type=datetime-local][name=from]")).ToHaveValueAsync("2026-11-27T09:30");

        await page.Locator("[type=datetime-local][name=to]").FillAsync("2026-11-27T10:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();

        await Expect(page).ToHaveURLAsync(
            new Uri(Site.Url, "/shop/jobs?from=2026-11-27T04%3A00%3A00Z&to=2026-11-27T04%3A30%3A00Z").ToString());
        await Expect(page.Locator(".chip")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task SinceMidnight_IsThatOfTheReader()
    {
        var page = await Site.SignInAsync(Look.Phone, Zone);
        await page.GotoAsync("/shop/jobs?state=Failed");
        await page.ReadyAsync();

        await page.Locator("#filters summary").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Since midnight" }).ClickAsync();

        await Expect(page.Locator(".chip")).ToContainTextAsync("00:00:00");
        var from = QueryHelpers.ParseQuery(new Uri(page.Url).Query)["from"].ToString();
        Assert.EndsWith("T18:30:00Z", from, StringComparison.Ordinal);
        Assert.InRange(
            DateTime.UtcNow - DateTime.Parse(from, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), TimeSpan.Zero,
            TimeSpan.FromHours(25));
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
