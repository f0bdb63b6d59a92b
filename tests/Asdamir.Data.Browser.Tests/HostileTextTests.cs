using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests;

/// <summary>What is stored is shown as text and never becomes part of a page.</summary>
public sealed class HostileTextTests
{
    private const string Api = "/frameworkapi/hangfire";

    [Fact]
    public async Task Dashboard_ShowsStoredTextInert_OnEveryPage()
    {
        var (app, jobIds) = await HostileApp.StartAsync();
        await using var disposed = app;
        string[] pages =
        [
            "/hangfire", "/hangfire/jobs/enqueued", "/hangfire/jobs/enqueued/crm", "/hangfire/jobs/scheduled", "/hangfire/jobs/processing",
            "/hangfire/jobs/succeeded",
            "/hangfire/jobs/failed", "/hangfire/jobs/deleted", "/hangfire/jobs/awaiting", "/hangfire/recurring", "/hangfire/retries",
            "/hangfire/servers",
            .. jobIds.Select(static jobId => $"/hangfire/jobs/details/{jobId}"),
        ];

        var shown = await VisitAsync(app.Client.BaseAddress!, pages);

        // It would prove nothing if the texts were not there at all.
        Assert.All(pages.Where(static page =>
            page.Contains("/details/", StringComparison.Ordinal) || page.EndsWith("/failed", StringComparison.Ordinal)
                || page.EndsWith("/recurring", StringComparison.Ordinal)),
            page => Assert.Contains(HostileApp.Image, shown[page], StringComparison.Ordinal));
        Assert.Contains(HostileApp.Script, shown["/hangfire/recurring"], StringComparison.Ordinal);
        Assert.Contains(HostileApp.Script, shown["/hangfire/jobs/failed"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dashboard_ShowsAServersHostileNameAsText()
    {
        var (app, _) = await HostileApp.StartAsync();
        await using var disposed = app;
        var jobId = HostileApp.Put(app, StoredStates.ProcessingBy($"{HostileApp.Image}:1:2", HostileApp.Script));

        var shown = await VisitAsync(app.Client.BaseAddress!, [$"/hangfire/jobs/details/{jobId}"]);

        Assert.Contains("Processing", shown.Values.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_IsShownInert_AlsoWhenABrowserOpensItAsAPage()
    {
        var (app, jobIds) = await HostileApp.StartAsync();
        await using var disposed = app;
        string[] pages =
        [
            $"{Api}/jobs", $"{Api}/recurring-jobs", $"{Api}/recurring-jobs/{Uri.EscapeDataString(HostileApp.Quotes)}", $"{Api}/failures",
            $"{Api}/queues", $"{Api}/statistics",
            $"{Api}/jobs?state={Uri.EscapeDataString(HostileApp.Image)}", $"{Api}/jobs/{Uri.EscapeDataString(HostileApp.Image)}",
            $"{Api}/{Uri.EscapeDataString(HostileApp.Image)}",
            .. jobIds.SelectMany(static jobId => new[] { $"{Api}/jobs/{jobId}", $"{Api}/jobs/{jobId}/log" }),
        ];

        var shown = await VisitAsync(app.Client.BaseAddress!, pages);

        Assert.Contains("Mail ", shown[$"{Api}/jobs"], StringComparison.Ordinal);
    }

    /// <returns>The text that each page shows.</returns>
    private static async Task<Dictionary<string, string>> VisitAsync(Uri root, IEnumerable<string> pages)
    {
        var page = await Browser.NewPageAsync("operator");
        List<string> dialogs = [];
        page.Dialog += async (_, dialog) =>
        {
            dialogs.Add($"{dialog.Message} on {page.Url}");
            await dialog.DismissAsync();
        };
        Dictionary<string, string> shown = [];
        foreach (var path in pages)
        {
            await page.GotoAsync(new Uri(root, path).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            // An image that fails to load would have done so by then.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))");
            Assert.True(
                await page.EvaluateAsync<bool>($"() => window.{HostileApp.Marker} === undefined"), $"{path} has run what was stored");
            var injected = await page.EvaluateAsync<int>($$"""
                () => document.querySelectorAll('img[src="x"], [onerror], [onload]').length
                    + [...document.scripts].filter(script => script.text.includes('{{HostileApp.Marker}}')).length
                """);
            Assert.Equal((path, 0), (path, injected));
            shown[path] = await page.InnerTextAsync("body");
        }
        Assert.Empty(dialogs);
        await page.Context.CloseAsync();
        return shown;
    }
}
