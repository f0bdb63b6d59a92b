using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>Acting by mouse, by keys and without the script.</summary>
public sealed class ActingTests
{
    [Fact]
    public async Task Rows_AreSelectedByShiftClick_AndRequeuedWithoutAQuestion()
    {
        await using var site = await Site.StartAsync();
        for (var order = 1; order <= 5; order++)
            await site.Shop.FailedPaymentAsync(order);
        var page = await site.SignInAsync(Look.Wide);
        await page.GotoAsync("/shop/jobs?state=Failed");
        site.Shop.Gateway.IsDown = false;
        var boxes = page.Locator("tbody input[type=checkbox]");

        await Expect(page.Locator(".bulk")).ToBeHiddenAsync();
        await boxes.Nth(1).ClickAsync();
        await boxes.Nth(3).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Locator("[data-selected]")).ToHaveTextAsync("3 selected");
        await page.GetByRole(AriaRole.Button, new() { Name = "Requeue", Exact = true }).ClickAsync();

        await Expect(page.Locator(".notice")).ToContainTextAsync("Requeued 3.");
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task AllOfAState_CanBeRequeued_ButIsDeletedOnlyWithAFilter()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Phone);
        var requeue = page.GetByRole(AriaRole.Button, new() { Name = "Requeue all matching …" });
        var delete = page.GetByRole(AriaRole.Button, new() { Name = "Delete all matching …" });

        await page.GotoAsync("/shop/jobs?state=Failed");
        await Expect(requeue).ToBeVisibleAsync();
        await Expect(delete).ToHaveCountAsync(0);
        await page.GotoAsync("/shop/jobs?state=Failed&app=shop");
        await delete.ClickAsync();

        await Expect(page.Locator("#ask")).ToContainTextAsync("Delete 1 job of The Shop?");
    }

    [Fact]
    public async Task Actions_FitTheStateThatThePageShows()
    {
        await using var site = await Site.StartAsync();
        var id = site.Shop.StartReport(pages: 1);
        var page = await site.SignInAsync(Look.Phone);
        await page.GotoAsync($"/shop/jobs/{id}");
        var requeue = page.GetByRole(AriaRole.Button, new() { Name = "Requeue", Exact = true });
        var delete = page.GetByRole(AriaRole.Button, new() { Name = "Delete …" });
        await Expect(page.Locator(".bulk")).ToContainTextAsync("Seen as Processing");
        await Expect(requeue).ToBeHiddenAsync();
        var place = (await delete.BoundingBoxAsync())!;

        site.Shop.Gateway.TurnPages(1);

        await Expect(page.Locator(".bulk")).ToContainTextAsync("Seen as Succeeded");
        Assert.Equal(place.Y, (await delete.BoundingBoxAsync())!.Y);
        await requeue.ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("Requeued 1.");
        await Expect(page.Locator(".bulk")).ToContainTextAsync("Seen as Processing");
        await Expect(requeue).ToBeHiddenAsync();
        site.Shop.Gateway.TurnPages(1);
        await Expect(requeue).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copy_Copies_OrSaysThatItDidNot_WithoutTheClipboardOfSecurePages(bool allows)
    {
        await using var site = await Site.StartAsync();
        var id = await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Wide);
        // As on a page over plain HTTP.
        await page.AddInitScriptAsync("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });");
        if (!allows)
            await page.AddInitScriptAsync("Document.prototype.execCommand = () => false;");
        await page.GotoAsync($"/shop/jobs/{id}");
        await page.ReadyAsync();
        await page.Clock.InstallAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Copy the id {id}" }).ClickAsync();

        await Expect(page.Locator(".head .copy")).ToHaveTextAsync(allows ? "Copied" : "Not copied – select it");
        if (!allows)
            return;
        await page.Locator(".find input").FocusAsync();
        await page.Keyboard.PressAsync("Control+V");
        await Expect(page.Locator(".find input")).ToHaveValueAsync(id);
    }

    [Fact]
    public async Task Keys_MoveSelectOpenAndGo_UntilTheyAreSwitchedOff()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var id = await site.Shop.FailedPaymentAsync(2);
        var page = await site.SignInAsync(Look.Wide);

        await page.PressTogetherAsync("g", "j", new Uri(site.Url, "/shop/jobs"));
        await page.ReadyAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Expect(page.Locator("[data-selected]")).ToHaveTextAsync("1 selected");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(site.Url, $"/shop/jobs/{id}").ToString());
        await page.ReadyAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("[data-key='/']")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("order 1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await page.ReadyAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await page.Locator("button.user").ClickAsync();
        await page.Locator("[data-cookie=console-keys]").SelectOptionAsync("off");
        await page.Keyboard.PressAsync("Escape");
        await page.ReloadAsync();
        await page.ReadyAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys")).Not.ToBeVisibleAsync();
    }

    [Fact]
    public async Task Delete_AsksForAReason_AndCancelLeavesTheJob()
    {
        await using var site = await Site.StartAsync();
        var id = await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Phone);
        await page.GotoAsync($"/shop/jobs/{id}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        await page.Locator("#ask").GetByText("Cancel").ClickAsync();
        Assert.Equal(JobState.Failed, site.Shop.Jobs.Find(id)!.State);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        await page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Delete 1 job" }).ClickAsync();
        Assert.Equal(JobState.Failed, site.Shop.Jobs.Find(id)!.State);
        await page.Locator("#ask").GetByLabel("Reason").FillAsync("Paid by hand");
        await page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Delete 1 job" }).ClickAsync();

        await Expect(page.Locator(".notice")).ToContainTextAsync("Deleted 1.");
        await Expect(page.Locator(".subject")).ToContainTextAsync("Paid by hand");
        Assert.Equal(JobState.Deleted, site.Shop.Jobs.Find(id)!.State);
    }

    [Fact]
    public async Task RecurringJob_IsPausedTriggeredAndResumed()
    {
        await using var site = await Site.StartAsync();
        site.Shop.Declare();
        var page = await site.SignInAsync(Look.Wide);
        await page.GotoAsync("/shop/recurring");
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "nightly-report" }))
            .ToContainTextAsync("at 02:30, Monday to Friday");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause shop:nightly-report" }).ClickAsync();
        await page.Locator("#ask").GetByLabel("Reason").FillAsync("Stocktaking");
        await page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "nightly-report" })).ToContainTextAsync("Stocktaking");
        await page.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume shop:nightly-report" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("Resumed 1.");
        await page.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Trigger shop:nightly-report" }).ClickAsync();
        await page.Locator("#ask").GetByLabel("Reason").FillAsync("The auditors want it now");
        await page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Trigger" }).ClickAsync();
        site.Shop.Gateway.TurnPages(1);

        await page.GetByRole(AriaRole.Link, new() { Name = "Go to the new job" }).ClickAsync();
        await Expect(page.Locator(".subject .state")).ToHaveTextAsync("Succeeded");
    }

    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task Queue_IsPaused_ShownLive_AndResumed(string look)
    {
        await using var site = await Site.StartAsync();
        site.Shop.Gateway.IsDown = false;
        var page = await site.SignInAsync(Look.Of(look));
        await page.GotoAsync("/shop/queues");
        await page.ReadyAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause …" }).ClickAsync();
        await Expect(page.Locator("#ask")).ToContainTextAsync("Pause shop of The Shop?");
        await page.Locator("#ask").GetByLabel("Reason").FillAsync("Stocktaking");
        await page.Locator("#ask").GetByLabel("How long").SelectOptionAsync("4 hours");
        await page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("Paused 1.");
        await Expect(page.Locator("[data-live] tbody tr")).ToContainTextAsync("Stocktaking");
        var job = site.Shop.StartReport(1);
        await page.GotoAsync($"/shop/jobs/{job}");
        await Expect(page.Locator("[data-live]")).ToContainTextAsync("It waits in the queue shop, which is paused:");

        await page.GotoAsync("/shop/queues");
        await page.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume …" }).ClickAsync();
        await page.Locator("#ask").GetByLabel("Reason").FillAsync("Counted");
        await page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("Resumed 1.");
        await Expect(page.Locator("[data-live]")).Not.ToContainTextAsync("Stocktaking");
        await page.GotoAsync($"/shop/jobs/{job}");
        site.Shop.Gateway.TurnPages(1);
        await Expect(page.Locator(".subject .state")).ToHaveTextAsync("Succeeded");
    }

    [Fact]
    public async Task DeadCompany_SaysSo_AndTheOtherWorks()
    {
        await using var site = await Site.StartAsync(withDeadCompany: true);
        await site.Shop.FailedPaymentAsync(1);
        var page = await site.SignInAsync(Look.Wide);

        await Expect(page.Locator(".companies li").Filter(new() { HasText = "Dead Inc." })).ToContainTextAsync("cannot be reached");
        await Expect(page.Locator(".companies li").Filter(new() { HasText = "The Shop" })).ToContainTextAsync("1 failed");
        await page.GotoAsync("/dead");
        await Expect(page.Locator(".problem")).ToContainTextAsync("The database server of Dead Inc. cannot be reached.");
        await Expect(page.Locator("[data-live-switch]")).ToHaveTextAsync(new Regex(@"^\s*Storage does not answer,\s+no data yet\s*$"));
        await Expect(page.Locator("body")).Not.ToContainTextAsync("never-shown");
    }
}
