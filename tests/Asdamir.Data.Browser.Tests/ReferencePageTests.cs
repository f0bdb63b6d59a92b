using System.Collections.Concurrent;
using Asdamir.Data.Browser.Tests.Console;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Asdamir.Data.Browser.Tests;

/// <summary>The reference of the API, in a browser that may call this host only.</summary>
public sealed class ReferencePageTests
{
    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task Reference_ShowsTheOperations_FromThisHostOnly_UnderItsContentSecurityPolicy(string lookName)
    {
        await using var app = await WebHost.StartAsync("Development", static _ => { });
        var look = Look.Of(lookName);
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.Scheme,
        });
        var page = await context.NewPageAsync();
        ConcurrentBag<string> foreign = [];
        ConcurrentBag<string> errors = [];
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(app.Client.BaseAddress!.ToString(), StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        await page.AddInitScriptAsync("""
            window.violations = [];
            document.addEventListener('securitypolicyviolation', event => window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile} ${event.lineNumber}`));
            """);

        await page.GotoAsync(new Uri(app.Client.BaseAddress!, "/frameworkapi/hangfire/reference").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Count the jobs of the schema by state" }).First)
            .ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request (get /statistics)" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync();
        await Assertions.Expect(page.GetByText("200 OK").First).ToBeVisibleAsync();
        Assert.Empty(foreign);
        Assert.Empty(await page.EvaluateAsync<string[]>("() => window.violations"));
        Assert.Empty(errors);
        await context.CloseAsync();
    }

    [Fact]
    public async Task Reference_CallsTheApi_UnderAPathBaseAndAnotherPattern()
    {
        await using var app = await WebHost.StartAsync(
            "Development",
            static _ => { },
            use: static app => app.UsePathBase("/crm"),
            map: static app => app.MapGroup("/ops").MapHangfireJobsApi("/background jobs"));
        var page = await (await Browser.NewContextAsync()).NewPageAsync();

        await page.GotoAsync(new Uri(app.Client.BaseAddress!, "/crm/ops/background%20jobs/reference").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request (get /statistics)" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync();

        await Assertions.Expect(page.GetByText("200 OK").First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
