using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>What holds for every page, in every look.</summary>
public sealed class EveryPageTests
{
    [Fact]
    public async Task Page_IsAccessible_FitsTheScreen_AndAsksNoOneElse()
    {
        await using var site = await Site.StartAsync(withDeadCompany: true);
        var failed = await site.Shop.FailedPaymentAsync(1);
        var flow = await site.Shop.CloseMonthAsync();
        var running = site.Shop.StartReport(3);
        site.Shop.Gateway.TurnPages(1);
        site.Shop.Declare();
        // Nothing is paused before the jobs above are executed.
        await Until.TrueAsync(() => site.Shop.Jobs.Find(running)!.State == JobState.Processing, "the report is written");
        var pauses = (IJobPauses)site.Shop.Storage;
        pauses.Pause(JobPauseKind.Queue, "shop", "The ledger is migrated", "ada", DateTimeOffset.UtcNow.AddDays(1));
        pauses.Pause(JobPauseKind.Queue, "archive");
        var waiting = site.Shop.StartReport(1);
        var page = await site.SignInAsync(Look.Wide);
        // A page that is resized while its transition runs complains.
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        List<string> faults = [];

        foreach (var path in new[]
        {
            "/companies", "/account", "/shop", "/shop?range=24h&app=shop", "/shop/jobs", "/shop/jobs/failed",
            "/shop/jobs?state=Failed&name=ChargeCardJob&sort=oldest", "/shop/jobs?q=nothing",
            "/shop/jobs?state=wrong", $"/shop/jobs/{failed}", $"/shop/jobs/{running}",
            $"/shop/jobs/{waiting}", "/shop/jobs/987654", "/shop/recurring",
            "/shop/recurring?status=paused", "/shop/queues", "/shop/limits", "/shop/workflows", $"/shop/workflows/{flow}", "/shop/servers",
            "/shop/audit", "/shop/operations/00000000-0000-0000-0000-000000000000", "/dead", "/dead/jobs", "/nowhere",
        })
        {
            await page.GotoAsync(path);
            await CheckAsync(page, path, faults);
        }
        await page.GotoAsync("/shop/limits");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change printer of shop" }).ClickAsync();
        await page.Locator("#ask[open]").WaitForAsync();
        await CheckAsync(page, "question of a limit", faults);
        await page.Keyboard.PressAsync("Escape");
        await page.GotoAsync("/shop/jobs?state=Failed&app=shop");
        await page.Locator("tbody input[type=checkbox]").First.CheckAsync();
        await CheckAsync(page, "selection", faults);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete all matching …" }).ClickAsync();
        await page.Locator("#ask[open]").WaitForAsync();
        await CheckAsync(page, "question", faults);
        await page.Keyboard.PressAsync("Escape");
        await page.GotoAsync("/shop/queues");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause …" }).ClickAsync();
        await page.Locator("#ask[open]").WaitForAsync();
        await CheckAsync(page, "question about a queue", faults);
        await page.Keyboard.PressAsync("Escape");
        await page.GotoAsync("/shop/jobs?state=Failed&app=shop");
        await page.Locator(".filters summary").ClickAsync();
        await CheckAsync(page, "filters", faults);
        await page.Locator("button.user").ClickAsync();
        await CheckAsync(page, "menu", faults);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await CheckAsync(page, "/login", faults);

        Assert.Empty(faults);
        // The pages that are not there say so with their status, which the browser notes.
        Assert.DoesNotContain(site.Complaints, static complaint =>
            !complaint.Contains("/nowhere", StringComparison.Ordinal) && !complaint.Contains("987654", StringComparison.Ordinal));
    }

    private static async Task CheckAsync(IPage page, string path, List<string> faults) =>
        faults.AddRange((await page.FaultsAsync(Look.All)).Select(fault => $"{path}, {fault}"));
}
