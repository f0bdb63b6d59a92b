using System.Text.RegularExpressions;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>An app whose process is killed again and again, seen on a telephone.</summary>
public sealed class DeadAppTests
{
    [Fact]
    public async Task Pages_SayThatAnAppIsDead_WhatWaitsForIt_AndThatItIsBack()
    {
        await using var site = await Site.StartAsync();
        var page = await site.SignInAsync(Look.Phone);
        for (var crash = 0; crash < 3; crash++)
            await (await NightApp.StartAsync(site.Jobs, site.Shop.Storage)).CrashAsync(site.Shop.Storage);
        var ids = Enumerable.Range(0, 8).Select(_ => Wait(site.Shop.Storage)).ToList();

        // The page was open all the time.
        var line = page.Locator("[aria-labelledby=attention] li").Filter(new() { HasText = "crashed" });
        await Expect(line).ToHaveTextAsync(new Regex(@"^\s*night:\s+crashed 3 times in \d+ s,\s+last process died .+,\s+8 waiting\s*$"));
        await Expect(line).ToHaveClassAsync("bad");
        Assert.Empty(await page.FaultsAsync(Look.Phones));
        await line.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(8);
        await page.GotoAsync($"/shop/jobs/{ids[0]}");
        await Expect(page.GetByText("Waits: no server listens to the queue")).ToContainTextAsync("night (crashed 3 times in");
        Assert.Empty(await page.FaultsAsync(Look.Phones));
        await page.GotoAsync("/shop/queues");
        await Expect(page.Locator("small.bad")).ToContainTextAsync("crashed 3 times in");
        Assert.Empty(await page.FaultsAsync(Look.Phones));
        await page.GotoAsync("/shop/servers?app=night");
        await Expect(page.Locator("[aria-labelledby=ended] tbody tr")).ToHaveCountAsync(3);
        Assert.Empty(await page.FaultsAsync(Look.Phones));

        await page.GotoAsync("/shop");
        await using var again = await NightApp.StartAsync(site.Jobs, site.Shop.Storage);

        await Expect(line).ToContainTextAsync("back");
        await Expect(line).ToHaveClassAsync("quiet");
        Assert.Empty(await page.FaultsAsync(Look.Phones));
        Assert.Empty(site.Complaints);
    }

    private static string Wait(JobStorage storage) =>
        new BackgroundJobClient(storage).Create(
            Job.FromExpression(() => System.Console.WriteLine(), NightApp.Queue), new EnqueuedState(NightApp.Queue));
}
