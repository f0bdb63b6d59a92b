namespace Asdamir.Data.Browser.Tests;

/// <summary>The policy that keeps stored text from running must not break the dashboard.</summary>
public sealed class PolicyTests
{
    [Fact]
    public async Task Dashboard_BreaksNoRuleOfItsContentSecurityPolicy()
    {
        var (app, jobIds) = await HostileApp.StartAsync();
        await using var disposed = app;
        var page = await Browser.NewPageAsync("operator");
        List<string> errors = [];
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => errors.Add($"{page.Url}: {error}");

        foreach (var path in new[]
        {
            "", "/jobs/enqueued", "/jobs/enqueued/crm", "/jobs/failed", "/recurring", "/servers", $"/jobs/details/{jobIds[3]}"
        })
        {
            var response = await page.GotoAsync(
                new Uri(app.Client.BaseAddress!, $"/hangfire{path}").ToString(),
                new() { WaitUntil = Microsoft.Playwright.WaitUntilState.NetworkIdle });
            Assert.Contains("script-src 'self'", response!.Headers["content-security-policy"], StringComparison.Ordinal);
        }
        await page.GotoAsync(new Uri(app.Client.BaseAddress!, "/hangfire").ToString());
        await page.Locator("canvas").First.WaitForAsync();

        Assert.Empty(errors);
    }
}
