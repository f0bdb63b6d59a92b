using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>The console in one hand.</summary>
public sealed class PhoneTests(SharedSite shared) : SharedSiteTests(shared)
{
    // Bars of a chart are as thin as they are; the table below has their links.
    private const string SmallTargets = """
        () => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
            .filter(target => !target.closest("svg, noscript, .skip") && target.checkVisibility())
            .map(target => [target, (target.closest("label:has(> input[type=checkbox])") ?? target).getBoundingClientRect()])
            .filter(([, place]) => place.right > 0 && (place.height < 43.5 || place.width < 43.5))
            .map(([target, place]) => `${target.outerHTML.slice(0, 120)} ${place.width}x${place.height}`)
        """;

    private const string OverlappingTabs = """
        () => [...document.querySelectorAll(".tabs a + a")]
            .filter(tab => tab.getBoundingClientRect().left < tab.previousElementSibling.getBoundingClientRect().right - .5)
            .map(tab => `${tab.textContent.trim()} lies over the tab before it`)
        """;

    [Fact]
    public async Task Targets_Are44PixelsHighAndWide_AndTabsDoNotOverlap()
    {
        var running = Site.Shop.StartReport(3);
        Site.Shop.Gateway.TurnPages(1);
        var flow = await Site.Shop.CloseMonthAsync();
        var page = await Site.SignInAsync(Look.Phone);
        List<string> faults = [];

        foreach (var path in new[]
        {
            "/companies", "/account", "/shop", "/shop/jobs/failed", "/shop/jobs?state=Failed&name=ChargeCardJob", "/shop/jobs?q=nothing",
            $"/shop/jobs/{FailedId}", $"/shop/jobs/{running}", "/shop/recurring", "/shop/queues", "/shop/limits", "/shop/workflows",
            $"/shop/workflows/{flow}", "/shop/servers",
            "/shop/audit",
        })
        {
            await page.GotoAsync(path);
            await page.ReadyAsync();
            if (await page.Locator("#filters summary").CountAsync() > 0)
                await page.Locator("#filters summary").ClickAsync();
            foreach (var check in new[] { SmallTargets, OverlappingTabs })
                faults.AddRange((await page.EvaluateAsync<string[]>(check)).Select(fault => $"{path}: {fault}"));
        }

        Assert.Equal("", string.Join('\n', faults));
    }

    [Fact]
    public async Task ChangedLimit_IsChangedAgain_AndGivenBack()
    {
        var page = await Site.SignInAsync(Look.Phone);
        await page.GotoAsync("/shop/queues");
        await page.GetByRole(AriaRole.Link, new() { Name = "Limits" }).ClickAsync();
        var row = page.Locator("tbody tr").Filter(new() { HasText = "printer" });
        var ask = page.Locator("#ask");
        await Expect(row).ToContainTextAsync("changed by kim");

        await page.GetByRole(AriaRole.Button, new() { Name = "Change printer of shop" }).ClickAsync();
        await Expect(ask.GetByLabel("How many jobs")).ToHaveValueAsync("3");
        await ask.GetByLabel("How many jobs").FillAsync("4");
        await ask.GetByLabel("Reason").FillAsync("One printer is broken");
        await ask.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();

        await Expect(page.Locator(".notice")).ToContainTextAsync("Changed 1.");
        await Expect(row).ToContainTextAsync("One printer is broken");
        await Expect(row).ToContainTextAsync("the app declares 5");
        await page.ReadyAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Give back printer of shop" }).ClickAsync();
        await ask.GetByLabel("Reason").FillAsync("It is repaired");
        await ask.GetByRole(AriaRole.Button, new() { Name = "Give back" }).ClickAsync();

        await Expect(page.Locator(".notice")).ToContainTextAsync("Given back 1.");
        await Expect(row).ToContainTextAsync("as the app declares");
    }

    [Fact]
    public async Task FirstScreen_ShowsFourJobs()
    {
        await Task.WhenAll(Enumerable.Range(1, 5).Select(Site.Shop.FailedPaymentAsync));
        var page = await Site.SignInAsync(Look.Phone);
        await page.GotoAsync("/shop/jobs?state=Failed");
        await page.ReadyAsync();

        var fourth = (await page.Locator("[data-rows] tbody tr").Nth(3).BoundingBoxAsync())!;

        Assert.InRange(fourth.Y + fourth.Height, 0, Look.Phone.Height);
    }

    [Fact]
    public async Task Overview_ShowsWhatNeedsAttentionAboveTheCharts()
    {
        var page = await Site.SignInAsync(Look.Phone);

        await Expect(page.Locator(".attention li").First).ToBeInViewportAsync();
        Assert.True(
            await page.EvaluateAsync<bool>(
                """
                () => document.querySelector(".attention").getBoundingClientRect().bottom
                    <= document.querySelector(".chart").getBoundingClientRect().top
                """));
    }
}
