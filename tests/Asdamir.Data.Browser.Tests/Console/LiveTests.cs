using Asdamir.Data.HangfireJobs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>Pages follow what happens, without moving what somebody is about to click.</summary>
public sealed class LiveTests
{
    [Fact]
    public async Task Run_IsFollowed_WithProgressLogAndEnd()
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
        await page.WaitForTimeoutAsync(1_500);

        await Task.WhenAll(site.Shop.FailedPaymentAsync(2), site.Shop.FailedPaymentAsync(3));

        await Expect(page.Locator(".newer")).ToHaveTextAsync("2 new – refresh");
        await Expect(page.Locator(".tabs [data-state=Failed] .count")).ToHaveTextAsync("3");
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-rows] tbody tr")).ToContainTextAsync(first);
        await page.Locator(".newer a").ClickAsync();
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Page_GoesOnByItself_WithItsFilter_WhenTheConsoleRestarts()
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
    public async Task Page_KeepsWhatIsOpenAndWhereTheReaderIs_WhenItChanges()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Wide);
        await page.Locator("#table-failed summary").ClickAsync();

        await site.Shop.FailedPaymentAsync(2);

        await Expect(page.Locator(".counter[data-state=Failed] .value")).ToHaveTextAsync("2");
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

        await site.Shop.FailedPaymentAsync(2);
        await page.WaitForTimeoutAsync(4_000);
        await Expect(page.Locator(".counter[data-state=Failed] .value")).ToHaveTextAsync("1");

        await page.Keyboard.PressAsync(".");
        await Expect(page.Locator(".counter[data-state=Failed] .value")).ToHaveTextAsync("2");
    }
}
