using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>What an operator does when the telephone rings at night, on whatever is at hand.</summary>
public sealed class OperatorsNightTests
{
    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task Operator_FindsTheFailures_RequeuesThem_AndFindsItInTheAudit(string look)
    {
        await using var site = await Site.StartAsync();
        await Task.WhenAll(Enumerable.Range(1, 30).Select(site.Shop.FailedPaymentAsync));
        var page = await site.SignInAsync(Look.Of(look));

        // One company skips the picker; the spike is in the chart.
        await Expect(page).ToHaveURLAsync(new Uri(site.Url, "/shop").ToString());
        await Expect(page.Locator(".chart[data-kind=failed] figcaption")).ToContainTextAsync("30 in total");
        await Expect(page.Locator(".counter[data-state=Failed] .value")).ToHaveTextAsync("30");

        // Drill down, and read why.
        await page.GetByRole(AriaRole.Link, new() { Name = "ChargeCardJob" }).First.ClickAsync();
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(30);
        await page.Locator("[data-rows] tbody a").First.ClickAsync();
        await Expect(page.GetByText("The payment gateway does not answer for order").First).ToBeVisibleAsync();
        await Expect(page.Locator("pre").First).ToContainTextAsync("ChargeCardJob");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("4111-secret");
        await page.GoBackAsync();

        // The cause is gone: requeue all, with a reason.
        site.Shop.Gateway.IsDown = false;
        await page.GetByRole(AriaRole.Button, new() { Name = "Requeue all matching …" }).ClickAsync();
        var question = page.Locator("#ask");
        await Expect(question).ToContainTextAsync("Requeue 30 jobs of The Shop?");
        await Expect(question.GetByText("Cancel")).ToBeFocusedAsync();
        await question.GetByLabel("Reason").FillAsync("The gateway is up again");
        await question.GetByRole(AriaRole.Button, new() { Name = "Requeue 30 jobs" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("Requeued 30.");

        // The counters go down without a reload.
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByText("Overview").ClickAsync();
        await Expect(page.Locator(".counter[data-state=Failed] .value")).ToHaveTextAsync("0");
        await Expect(page.Locator(".counter[data-state=Succeeded] .value")).ToHaveTextAsync("30");

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByText("Audit").ClickAsync();
        var entry = page.Locator("[data-rows] tbody tr").Filter(new() { HasText = "The gateway is up again" });
        await Expect(entry).ToHaveCountAsync(1);
        await Expect(entry).ToContainTextAsync("anna");
        await Expect(entry).ToContainTextAsync("Requeue");
        await Expect(entry).ToContainTextAsync("done 30, skipped 0, failed 0");
        Assert.Empty(site.Complaints);
    }
}
