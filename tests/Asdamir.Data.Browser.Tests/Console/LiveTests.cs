using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>Pages follow what happens, without moving what a user is about to click.</summary>
public sealed partial class LiveTests
{
    private const string Failed = ".counter[data-state=Failed] .value";

    [Fact]
    public async Task Job_IsFollowed_WithProgressLogAndEnd()
    {
        await using var site = await Site.StartAsync();
        var id = site.Shop.StartReport(pages: 2);
        var page = await site.SignInAsync(Look.Wide);
        await page.GotoAsync($"/shop/jobs/{id}");
        await Expect(page.Locator(".subject .state")).ToHaveTextAsync("Processing");

        site.Shop.Gateway.TurnPages(1);
        await Expect(page.Locator(".progress")).ToContainTextAsync("50 %");
        await Expect(page.Locator(".log")).ToContainTextAsync("Page 1 is written");
        site.Shop.Gateway.TurnPages(1);

        await Expect(page.Locator(".subject .state")).ToHaveTextAsync("Succeeded");
        await Expect(page.Locator("section:has(#output) pre")).ToContainTextAsync("\"pages\": 2");
        Assert.Empty(site.Complaints);
    }

    [Fact]
    public async Task Rows_StayWhereTheyAre_AndThePageSaysHowManyAreNew()
    {
        await using var site = await Site.StartAsync();
        var first = await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Wide);
        await page.GotoAsync("/shop/jobs?state=Failed");
        await Expect(page.Locator(".tabs [data-state=Failed] .count")).ToHaveTextAsync("1");
        await page.UntilJobsAreNewAsync();

        await Task.WhenAll(site.Shop.FailedPaymentAsync(2), site.Shop.FailedPaymentAsync(3));

        await Expect(page.Locator(".newer")).ToHaveTextAsync("2 new – refresh");
        await Expect(page.Locator(".tabs [data-state=Failed] .count")).ToHaveTextAsync("3");
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-rows] tbody tr")).ToContainTextAsync(first);
        await page.Locator(".newer a").ClickAsync();
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Page_Continues_WithItsFilter_WhenTheConsoleRestarts()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Wide);
        await page.GotoAsync("/shop/jobs?state=Failed&name=ChargeCardJob");
        await Expect(page.Locator("[data-live-state]")).ToHaveTextAsync("Live");

        await site.RestartConsoleAsync();
        await site.Shop.FailedPaymentAsync(2);

        await Expect(page.Locator(".tabs [data-state=Failed] .count")).ToHaveTextAsync("2");
        await Expect(page.Locator("[data-live-state]")).ToHaveTextAsync("Live");
        await Expect(page).ToHaveURLAsync(new Uri(site.Url, "/shop/jobs?state=Failed&name=ChargeCardJob").ToString());
    }

    [Fact]
    public async Task Page_SaysThatItHasNoNews_WhileTheConsoleIsFrozen()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var console = await site.RunConsoleAsProcessAsync();
        var page = await site.SignInAsync(Look.Wide);
        await page.Clock.InstallAsync();
        await page.GotoAsync("/shop");
        var state = page.Locator("[data-live-state]");
        await Expect(state).ToHaveTextAsync("Live");

        console.Signal("STOP");
        try
        {
            await Until.TrueAsync(
                async () =>
                {
                    await page.Clock.FastForwardAsync(25_000);
                    return NoNews.IsMatch(await state.TextContentAsync() ?? "");
                }, "the page says that there is no news");
            await Expect(page.Locator("[data-live-time]")).ToContainTextAsync("data from ");
            await Expect(page.Locator("[data-live]")).ToHaveAttributeAsync("data-old", "");
        }
        finally
        {
            console.Signal("CONT");
        }

        await site.Shop.FailedPaymentAsync(2);
        await Expect(state).ToHaveTextAsync("Live");
        await Expect(page.Locator(Failed)).ToHaveTextAsync("2");
        await Expect(page.Locator("[data-live]")).Not.ToHaveAttributeAsync("data-old", "");
    }

    [GeneratedRegex("^No news for [0-9]+ s,$")]
    private static partial Regex NoNews { get; }

    [Fact]
    public async Task Page_KeepsWhatIsOpenAndWhereTheReaderIs_WhenItChanges()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Wide);
        await page.Locator("#table-failed summary").ClickAsync();

        await site.Shop.FailedPaymentAsync(2);

        await Expect(page.Locator(Failed)).ToHaveTextAsync("2");
        await Expect(page.Locator("#table-failed")).ToHaveAttributeAsync("open", "");
        await Expect(page.Locator("#table-failed summary")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Live_CanBeSwitchedOffAndOn()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Wide);
        await page.Keyboard.PressAsync(".");
        await Expect(page.Locator("[data-live-switch]")).ToContainTextAsync("Paused");

        // All pages that show the same get the same pictures: with the third payment, another one has had two that this one has not.
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/shop");
        foreach (var payment in new[] { 2, 3 })
        {
            await site.Shop.FailedPaymentAsync(payment);
            await Expect(other.Locator(Failed)).ToHaveTextAsync($"{payment}");
        }
        Assert.False(await page.EvaluateAsync<bool>("() => document.hidden"));
        await Expect(page.Locator(Failed)).ToHaveTextAsync("1");

        await page.Keyboard.PressAsync(".");
        await Expect(page.Locator(Failed)).ToHaveTextAsync("3");
    }
}
