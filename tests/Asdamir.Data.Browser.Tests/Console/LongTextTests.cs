using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>No text is too long for a page.</summary>
public sealed class LongTextTests(LongTexts texts) : IClassFixture<LongTexts>, IAsyncDisposable
{
    // Also of what is cut at the edge of a part that does not scroll.
    private const string TooWide = """
        () => [document.documentElement, ...document.querySelectorAll("main, main *, header *, dialog[open] *")]
            .filter(part => !part.closest("svg, .tabs, select") && part.checkVisibility())
            .filter(part => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .filter(part => part.getBoundingClientRect().left >= 0)
            .map(part => part.outerHTML.slice(0, 100))
            .slice(0, 3)
        """;

    private const string Height = "() => document.querySelector('[aria-labelledby=error] .long .text').getBoundingClientRect().height";

    [Theory]
    [InlineData("phone, light")]
    [InlineData("wide, dark")]
    public async Task Page_IsNeverWiderThanTheScreen(string look)
    {
        var failed = await texts.App.FailAsync();
        var deleted = await texts.App.FailAsync();
        var page = await texts.Site.SignInAsync(Look.Of(look));
        List<string> faults = [];
        await page.GotoAsync($"/shop/jobs/{deleted}");
        await page.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete …" }).ClickAsync();
        await page.Locator("#ask").GetByLabel("Reason").FillAsync(LongApp.Reason);
        await CheckAsync(page, "question", faults);
        await page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Delete 1 job" }).ClickAsync();
        await page.Locator(".notice").WaitForAsync();

        var waiting = texts.App.Pause();

        foreach (var path in new[]
        {
            $"/shop/jobs/{waiting}", "/companies", "/shop", $"/shop?app={LongApp.Queue}", "/shop/jobs",
            "/shop/jobs/failed", "/shop/jobs?state=Failed", $"/shop/jobs?app={LongApp.Queue}",
            $"/shop/jobs?name={LongApp.JobName}&queue={LongApp.Queue}&q={LongApp.Reason[..200]}", $"/shop/jobs/{failed}",
            $"/shop/jobs/{deleted}", "/shop/jobs/" + LongApp.Reason[..100], "/shop/recurring", "/shop/recurring?status=paused",
            "/shop/queues", "/shop/limits", "/shop/servers", "/shop/audit", "/shop/audit?action=Delete",
        })
        {
            await page.GotoAsync(path);
            await page.ReadyAsync();
            await CheckAsync(page, path, faults);
            foreach (var more in await page.Locator(".long summary:visible").AllAsync())
                await more.ClickAsync();
            await CheckAsync(page, path + " with all texts", faults);
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("phone, light")]
    [InlineData("wide, dark")]
    public async Task Exception_IsCutToThreeLines_AndIsThereOnce(string look)
    {
        var page = await texts.Site.SignInAsync(Look.Of(look));
        await page.GotoAsync($"/shop/jobs/{await texts.App.FailAsync()}");
        await page.ReadyAsync();

        var cut = await page.EvaluateAsync<double>(Height);
        Assert.InRange(cut, 20, 75);
        await page.Locator("[aria-labelledby=error] .long summary").ClickAsync();

        Assert.InRange(await page.EvaluateAsync<double>(Height), cut * 4, double.MaxValue);
        Assert.Equal(1, await page.EvaluateAsync<int>($"() => document.body.textContent.split('{LongApp.Mark}').length - 1"));
        await Expect(page.Locator("[aria-labelledby=error] pre")).ToContainTextAsync("LongJob");
        Assert.InRange((await page.ContentAsync()).Length, 0, 100_000);
    }

    public async ValueTask DisposeAsync() => await texts.Site.CloseBrowsersAsync();

    private static async Task CheckAsync(IPage page, string path, List<string> faults) =>
        faults.AddRange((await page.EvaluateAsync<string[]>(TooWide)).Select(part => $"{path}: {part}"));
}
