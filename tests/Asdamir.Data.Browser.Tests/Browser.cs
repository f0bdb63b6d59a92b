using Asdamir.Data.Browser.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Asdamir.Data.Browser.Tests;

/// <summary>The machine's own Chromium, started once for all tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    // The best first: without windows, a page costs half as much processor time.
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (FindChromium() is not { } chromium)
            return;
        // A busy machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout((float)Until.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync"
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A new page of a visitor with a role. Without a browser the test is skipped, and in CI it fails.</summary>
    internal static async Task<IPage> NewPageAsync(string role)
    {
        var context = await NewContextAsync();
        await context.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["X-Role"] = role });
        return await context.NewPageAsync();
    }

    /// <inheritdoc cref="NewPageAsync"/>
    internal static async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        var browser = (await TestContext.Current.GetFixture<Browser>())?._browser;
        if (browser is null)
        {
            const string fix =
                "These tests need Chromium. Run eng/test.sh, which installs it, or install the package 'chromium-headless-shell'.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", fix);
            Assert.Skip(fix);
        }
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Until.Limit.TotalMilliseconds);
        return context;
    }

    private static string? FindChromium()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
