using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>What a list is filtered by stays, and stands in its address and its title.</summary>
public sealed class FilterTests(SharedSite shared) : SharedSiteTests(shared)
{
    private const string Failed = "/shop/jobs?state=Failed&name=ChargeCardJob&sort=oldest";

    [Fact]
    public async Task Filters_Stay_WhenAnAppIsChosenAndATextIsSearched()
    {
        var page = await Site.SignInAsync(Look.Wide);
        await page.GotoAsync(Failed);
        await page.ReadyAsync();

        await page.Locator("#app").SelectOptionAsync("shop");
        await Expect(page).ToHaveURLAsync(new Uri(Site.Url, $"{Failed}&app=shop").ToString());
        await page.ReadyAsync();
        await page.Locator(".find input[type=search]").FillAsync("order");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(
            new Uri(Site.Url, "/shop/jobs?app=shop&state=Failed&name=ChargeCardJob&sort=oldest&q=order").ToString());
        await Expect(page).ToHaveTitleAsync(new Regex("^Failed · ChargeCardJob · shop · order – The Shop – "));
        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        Assert.Empty(Site.Complaints);
    }

    [Fact]
    public async Task Filters_SuggestNames_AndIgnoreCase()
    {
        var page = await Site.SignInAsync(Look.Phone);
        await page.GotoAsync("/shop/jobs?state=Failed");
        await page.ReadyAsync();
        await page.Locator("#filters summary").ClickAsync();

        await Expect(page.Locator("#names option[value=ChargeCardJob]")).ToHaveCountAsync(1);
        await Expect(page.Locator("#names option[value=ReportJob]")).ToHaveCountAsync(1);
        await Expect(page.Locator("#queues option[value=shop]")).ToHaveCountAsync(1);
        await page.GetByLabel("Job", new() { Exact = true }).FillAsync("chargecardJOB");
        await page.GetByLabel("Queue", new() { Exact = true }).FillAsync("SHOP");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await Expect(page).ToHaveTitleAsync(new Regex("^Failed · ChargeCardJob · shop – "));
        await Expect(page.Locator(".chip").First).ToContainTextAsync("job ChargeCardJob");
    }

    [Theory]
    [InlineData("/shop?range=24h", "Overview · shop · 24 hours")]
    [InlineData("/shop/recurring?q=often&status=paused", "Recurring · paused · shop · often")]
    [InlineData("/shop/audit?actor=anna&action=SignIn", "Audit · anna · SignIn · shop")]
    public async Task Filters_OfEachPage_Stay_AndStandInItsTitle(string path, string title)
    {
        var page = await Site.SignInAsync(Look.Wide);
        await page.GotoAsync(path);
        await page.ReadyAsync();

        await page.Locator("#app").SelectOptionAsync("shop");

        await Expect(page).ToHaveURLAsync(new Uri(Site.Url, $"{path}&app=shop").ToString());
        await Expect(page).ToHaveTitleAsync(new Regex($"^{Regex.Escape(title)} – The Shop – "));
    }

    [Fact]
    public async Task Address_SaysOnlyWhatIsFiltered()
    {
        var page = await Site.SignInAsync(Look.Phone);
        await page.GotoAsync("/shop/jobs?state=Failed");
        await page.ReadyAsync();

        await page.Locator("#filters summary").ClickAsync();
        await page.GetByLabel("Text in arguments").FillAsync("order");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(Site.Url, "/shop/jobs?state=Failed&q=order").ToString());
    }
}
