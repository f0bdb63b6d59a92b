using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>Nothing moves under the finger: neither while a page loads nor when it is updated.</summary>
public sealed class StableLayoutTests
{
    private const string Watch = """
        window.shifts = [];
        new PerformanceObserver(list => {
            for (const entry of list.getEntries())
                shifts.push({ value: entry.value, of: entry.sources.map(source => source.node?.parentElement?.className).join() });
        }).observe({ type: "layout-shift", buffered: true });
        """;

    // Two frames later, all that has moved was reported.
    private const string Shifts = """
        () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
            done(shifts.reduce((sum, shift) => sum + shift.value, 0) > 0.01 ? JSON.stringify(shifts) : ""), 0))))
        """;

    // A live part is drawn anew, which a browser does not count as a shift: so where its columns and the first row stand.
    private const string Places = """
        () => [...document.querySelectorAll("h1, h2, thead th, .tabs a, .counter, tbody tr:first-child > *, .bulk, .chart")]
            .map(element => element.getBoundingClientRect())
            .map(place => `${Math.round(place.left)},${Math.round(place.top)}`).join(" ")
        """;

    [Theory]
    [InlineData("phone, light")]
    [InlineData("wide, dark")]
    public async Task Nothing_Moves_WhileAPageLoads(string look)
    {
        await using var site = await Site.StartAsync();
        var failed = await site.Shop.FailedPaymentAsync(1);
        var flow = await site.Shop.CloseMonthAsync();
        var running = site.Shop.StartReport(3);
        site.Shop.Gateway.TurnPages(1);
        site.Shop.Declare();
        var page = await SignInAsync(site, look);
        List<string> faults = [];

        foreach (var path in new[]
        {
            "/companies", "/account", "/shop", "/shop?range=24h&app=shop", "/shop/jobs",
            "/shop/jobs/failed", "/shop/jobs?state=Failed&name=ChargeCardJob",
            "/shop/jobs?q=nothing", $"/shop/jobs/{failed}", $"/shop/jobs/{running}", "/shop/recurring", "/shop/queues", "/shop/limits",
            "/shop/workflows", $"/shop/workflows/{flow}",
            "/shop/servers", "/shop/audit",
        })
        {
            await page.GotoAsync(path);
            await page.ReadyAsync();
            if (await page.EvaluateAsync<string>(Shifts) is { Length: > 0 } shifts)
                faults.Add($"{path}: {shifts}");
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("phone, light")]
    [InlineData("wide, dark")]
    public async Task Nothing_Moves_WhenAPageIsUpdated(string look)
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        var page = await SignInAsync(site, look);
        List<string> faults = [];

        foreach (var path in new[] { "/shop", "/shop/jobs?state=Failed", "/shop/queues", "/shop/servers" })
        {
            await page.GotoAsync(path);
            await page.ReadyAsync();
            var before = await page.EvaluateAsync<string>(Places);
            await page.EvaluateAsync("() => document.querySelector('[data-live]').firstElementChild.id = 'old'");

            var isOfJobs = path.Contains("/jobs", StringComparison.Ordinal);
            if (isOfJobs)
                await page.UntilJobsAreNewAsync();

            await Task.WhenAll(Enumerable.Range(1, 12).Select(site.Shop.FailedPaymentAsync));
            site.Shop.StartReport(1);

            await page.Locator("#old").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            if (isOfJobs)
                await Expect(page.Locator(".newer")).ToBeVisibleAsync();
            if (await page.EvaluateAsync<string>(Shifts) is { Length: > 0 } shifts)
                faults.Add($"{path}: {shifts}");
            var after = await page.EvaluateAsync<string>(Places);
            if (after != before)
                faults.Add($"{path}:\n{before}\n{after}");
            // No worker is left to a report.
            site.Shop.Gateway.TurnPages(1);
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Status_OfTheLivePart_MovesNothing()
    {
        await using var site = await Site.StartAsync();
        await site.Shop.FailedPaymentAsync(1);
        foreach (var look in new[] { Look.Phone, Look.Wide })
        {
            var page = await SignInAsync(site, look.Name);
            await page.GotoAsync("/shop");
            await page.ReadyAsync();
            var before = await page.EvaluateAsync<string>(Places);

            foreach (var text in new[]
            {
                "Reconnecting,", "No news for 1,234 s,", "Too many live pages are open,", "Storage does not answer,",
            })
            {
                await page.EvaluateAsync(
                    """
                    text => {
                        document.querySelector("[data-live-state]").textContent = text;
                        document.querySelector("[data-live-time]").textContent = "data from 12:44:31 PM";
                    }
                    """,
                    text);
                Assert.Equal(before, await page.EvaluateAsync<string>(Places));
            }
        }
    }

    private static async Task<IPage> SignInAsync(Site site, string look)
    {
        var page = await site.SignInAsync(Look.Of(look));
        await page.AddInitScriptAsync(Watch);
        return page;
    }
}
