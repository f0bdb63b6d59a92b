using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

// Starts the sample with two companies, waits until enough has happened, and takes the pictures of docs/console.md.
// It needs Chromium and PostgreSQL, as the tests do, and a few minutes.
var wait = TimeSpan.FromMinutes(args is [var minutes] ? double.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture) : 4);
var facts = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(static fact => fact.Key, static fact => Path.GetFullPath(fact.Value!));
var images = Directory.CreateDirectory(facts["Images"]).FullName;
const string Address = "http://127.0.0.1:5090";

// A sample that was run before has an account already, and nobody knows its password any more.
var console = Path.Combine(Path.GetDirectoryName(facts["Sample"])!, "../../../data/console");
if (Directory.Exists(console))
    Directory.Delete(console, recursive: true);

var password = new TaskCompletionSource<string>();
using var sample = Process.Start(new ProcessStartInfo("dotnet", [facts["Sample"]]) { RedirectStandardOutput = true })!;
sample.OutputDataReceived += (_, line) =>
{
    Console.WriteLine(line.Data);
    if (Regex.Match(line.Data ?? "", "with the password\\s+(\\S+)") is { Success: true } found)
        password.TrySetResult(found.Groups[1].Value);
};
sample.BeginOutputReadLine();
try
{
    var known = await password.Task.WaitAsync(TimeSpan.FromMinutes(2));
    Console.WriteLine($"Waiting {wait} for something to happen …");
    await Task.Delay(wait);

    using var playwright = await Playwright.CreateAsync();
    await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = FindChromium(), Args = ["--no-sandbox", "--headless", "--disable-gpu"] });
    await TakeAsync(browser, known, isPhone: false, ColorScheme.Light, "/acme", "overview");
    await TakeAsync(browser, known, isPhone: false, ColorScheme.Dark, "/acme/jobs?state=Failed", "jobs");
    await TakeAsync(browser, known, isPhone: true, ColorScheme.Light, "/acme/jobs?state=Failed&name=CapturePaymentJob", "job", static page => page.Locator("[data-rows] tbody a").First.ClickAsync());
    await TakeAsync(browser, known, isPhone: true, ColorScheme.Light, "/acme/jobs?state=Failed", "question", static page => page.GetByRole(AriaRole.Button, new() { Name = "Requeue all matching …" }).ClickAsync());
    await TakeAsync(browser, known, isPhone: false, ColorScheme.Dark, "/acme/recurring", "recurring");
    await TakeAsync(browser, known, isPhone: false, ColorScheme.Light, "/globex/servers", "servers");
    Console.WriteLine($"The pictures are in {images}.");
}
finally
{
    Process.Start("kill", ["-TERM", $"{sample.Id}"]).WaitForExit();
    await sample.WaitForExitAsync();
}

async Task TakeAsync(IBrowser browser, string known, bool isPhone, ColorScheme scheme, string path, string name, Func<IPage, Task>? act = null)
{
    await using var context = await browser.NewContextAsync(new BrowserNewContextOptions
    {
        BaseURL = Address, ColorScheme = scheme, ViewportSize = isPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 720 },
    });
    var page = await context.NewPageAsync();
    await page.GotoAsync("/");
    await page.GetByLabel("Name").FillAsync("operator");
    await page.GetByLabel("Password").FillAsync(known);
    await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    await page.GotoAsync(path);
    if (act is not null)
        await act(page);
    await page.WaitForTimeoutAsync(2_000);
    await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(images, name + ".png") });
}

static string FindChromium()
{
    string[] names = ["chromium", "chromium-browser", "google-chrome"];
    return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("There is no Chromium. Install the package 'chromium'.");
}
