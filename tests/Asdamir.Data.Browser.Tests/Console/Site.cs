using System.Collections.Concurrent;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>The console on the shop's jobs, and browsers in front of it.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly List<IBrowserContext> _contexts = [];
    private WebApplication? _console;
    private ConsoleProcess? _process;
    private string _password = "";

    public Shop Shop { get; private set; } = null!;

    public Uri Url { get; private set; } = null!;

    /// <summary>The connection string of the shop's jobs.</summary>
    public string Jobs => _folder.Sqlite();

    /// <summary>What browsers complained about: refused scripts and styles, failed requests, requests to other hosts.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <param name="withDeadCompany">Whether there is another company whose database is away.</param>
    public static async Task<Site> StartAsync(bool withDeadCompany = false)
    {
        var site = new Site();
        site.Shop = await Shop.StartAsync(site._folder.PathOf("jobs.db"));
        await site.StartConsoleAsync(withDeadCompany, LocalPort.AnyUrl);
        site._password = site._console!.Services.GetRequiredService<LocalAccounts>().Add("anna", ["operator:*"])!;
        return site;
    }

    public async Task RestartConsoleAsync()
    {
        await _console!.DisposeAsync();
        await StartConsoleAsync(false, Url.ToString());
    }

    /// <summary>Continues with a console that is a process, so that it can be frozen.</summary>
    public async Task<ConsoleProcess> RunConsoleAsProcessAsync()
    {
        await _console!.DisposeAsync();
        _console = null;
        return _process = await ConsoleProcess.StartAsync(Settings(Url.ToString()), Url);
    }

    /// <param name="zone">The time zone of the user; <see langword="null"/> for that of the machine.</param>
    public async Task<IPage> SignInAsync(Look look, string? zone = null)
    {
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Url.ToString(),
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.Scheme,
            TimezoneId = zone,
        });
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"{page.Url}: {error}");
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != Url.Authority)
                _complaints.Enqueue($"{page.Url}: asks {request.Url}");
        };
        await page.GotoAsync("/");
        await page.GetByLabel("Name").FillAsync("anna");
        await page.GetByLabel("Password").FillAsync(_password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("button.user").WaitForAsync();
        await page.ReadyAsync();
        return page;
    }

    /// <summary>Closes the browsers. The console and the shop continue.</summary>
    public async Task CloseBrowsersAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        _contexts.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseBrowsersAsync();
        if (_console is not null)
            await _console.DisposeAsync();
        if (_process is not null)
            await _process.DisposeAsync();
        await Shop.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartConsoleAsync(bool withDeadCompany, string url)
    {
        var builder = ConsoleApp.NewBuilder([]);
        builder.Logging.ClearProviders();
        var settings = Settings(url);
        if (withDeadCompany)
        {
            settings["Companies:1:Code"] = "dead";
            settings["Companies:1:Name"] = "Dead Inc.";
            settings["Companies:1:Storage:Provider"] = "PostgreSql";
            settings["Companies:1:Storage:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=jobs;Username=jobs;Password=never-shown";
        }
        builder.Configuration.AddInMemoryCollection(settings);
        _console = ConsoleApp.Build(builder);
        await _console.StartAsync();
        Url = new Uri(_console.Urls.First());
    }

    private Dictionary<string, string?> Settings(string url) => new()
    {
        ["Urls"] = url,
        ["DataFolder"] = _folder.PathOf("console"),
        ["Companies:0:Code"] = "shop",
        ["Companies:0:Name"] = "The Shop",
        ["Companies:0:Storage:ConnectionString"] = _folder.Sqlite(),
    };
}
