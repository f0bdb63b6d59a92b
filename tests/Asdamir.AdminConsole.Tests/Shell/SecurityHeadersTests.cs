using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Tests.Hosting;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Shell;

/// <summary>What browsers are told about every answer, and that pages live by it.</summary>
public sealed class SecurityHeadersTests : OneCompany
{
    [Fact]
    public async Task EveryAddress_AnswersWithAllHeaders_ForEveryUser()
    {
        var job = Acme.Fail();
        var visitors = new[]
        {
            Site.NewVisitor(), await Site.WelcomeAsync("nobody"), await Site.WelcomeAsync("eve", "viewer:acme"), await OperatorAsync()
        };
        HashSet<HttpStatusCode> seen = [];
        foreach (var visitor in visitors)
        {
            foreach (var address in Addresses.Of(Site, "acme", job).Where(static address => address.Path != "/logout"))
            {
                using var form = address.Method == HttpMethod.Post ? new FormUrlEncodedContent([]) : null;
                var answer = await visitor.SendAsync(address.Method, address.IsLive ? address.Path + "?once=1" : address.Path, form);

                AssertHeaders(answer.Headers, $"{address.Method} {address.Path}");
                seen.Add(answer.Status);
            }
        }

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound],
            seen.Order());
    }

    [Theory]
    [InlineData("https", "max-age=31536000")]
    [InlineData("http", null)]
    public async Task Browsers_StayOnHTTPSWithAllCookies(string scheme, string? hsts)
    {
        await using var site = await ConsoleHost.StartAsync([Acme.Settings], new() { ["ForwardedHeaders_Enabled"] = "true" });
        var visitor = site.NewVisitor();
        var password = site.Accounts.Add("ada", ["viewer:acme"])!;

        var page = await visitor.GetAsync("/login", ("X-Forwarded-Proto", scheme));
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                [Visitor.TokenField] = page.Field(Visitor.TokenField), ["name"] = "ada", ["password"] = password
            });
        var formCookie = page.Headers["Set-Cookie"];
        var answer = await visitor.SendAsync(
            HttpMethod.Post, "/login", form, ("X-Forwarded-Proto", scheme), ("Cookie", formCookie.Split(';')[0]));

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        foreach (var (headers, cookie) in new[] { (page.Headers, "asdamir-console-form="), (answer.Headers, "asdamir-console=") })
        {
            Assert.Equal(hsts, headers.GetValueOrDefault("Strict-Transport-Security"));
            Assert.StartsWith(cookie, headers["Set-Cookie"], StringComparison.Ordinal);
            Assert.Equal(scheme == "https", headers["Set-Cookie"].Contains("; secure", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task InternalError_HasAllHeadersAndShowsOnlyItsTrace()
    {
        var ada = await OperatorAsync();
        Site.Database.Execute("DROP TABLE audit");

        var answer = await ada.GetAsync("/acme/audit");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        AssertHeaders(answer.Headers, "/acme/audit");
        Assert.Matches(
            "^Something went wrong The console's log has the cause, under the trace [0-9a-f]{32}. Go to the start page$", answer.Text);
        Assert.DoesNotContain("SQLite", answer.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task LiveStream_HasAllHeadersAndIsNotBufferedByAProxy()
    {
        using var response = await (await OperatorAsync()).OpenAsync("/acme/live/overview");

        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        AssertHeaders(headers, "/acme/live/overview");
        Assert.Equal(("no", "text/event-stream"), (headers["X-Accel-Buffering"], headers["Content-Type"]));
    }

    [Fact]
    public async Task OnlyStyleScriptsAndIcon_MayBeKept()
    {
        var visitor = Site.NewVisitor();
        var page = (await visitor.GetAsync("/login")).Page;
        var files = page.QuerySelectorAll("link[href], script[src]")
            .Select(static element => element.GetAttribute("href") ?? element.GetAttribute("src")!).ToList();

        // The style, the icon, each script in advance, and the one that is run.
        Assert.Equal(WebFiles.Scripts.Count + 3, files.Count);
        foreach (var file in files)
        {
            var answer = await visitor.GetAsync(file);
            Assert.Equal((HttpStatusCode.OK, "public, max-age=31536000, immutable"), (answer.Status, answer.Headers["Cache-Control"]));
        }
    }

    [Fact]
    public async Task NoPage_HasAScriptAStyleOrAHandlerInsideOrAnythingFromElsewhere()
    {
        var job = Acme.Fail();
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("", "@daily", new RecurringOptions { Id = "daily" });
        var ada = await OperatorAsync();
        List<Answer> pages =
        [
            await Site.NewVisitor().GetAsync("/login"), await ada.GetAsync("/acme/jobs?state=Failed"),
            await ada.GetAsync("/acme/jobs/none"), await ada.GetAsync("/nothing")
        ];
        foreach (var address in Addresses.Of(Site, "acme", job).Where(static address => address.Method == HttpMethod.Get))
            pages.Add(await ada.GetAsync(address.IsLive ? address.Path + "?once=1" : address.Path));
        pages.Add(await ada.SubmitAsync("/acme/jobs/act", ("action", "delete"), ("job", $"{job}|Failed")));
        pages.Add(await ada.SubmitAsync("/acme/recurring/act", ("action", "pause"), ("id", "daily")));
        pages.Add(await ada.PostAsync("/acme/jobs/act"));

        Assert.All(
            pages.Where(
                static page => page.Headers.GetValueOrDefault("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) == true),
            static page => AssertHarmless(page.Page));
    }

    internal static void AssertHarmless(IHtmlDocument page)
    {
        Assert.Empty(page.QuerySelectorAll("style, iframe, object, embed, base, meta[http-equiv], img"));
        Assert.All(page.QuerySelectorAll("script"), static script =>
            Assert.Equal(("/assets/", ""), (script.GetAttribute("src")?[..8], script.TextContent)));
        foreach (var element in page.All)
        {
            Assert.DoesNotContain(element.Attributes, static attribute =>
                attribute.Name == "style" || attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            foreach (var address in element.Attributes.Where(
                static attribute => attribute.LocalName is "href" or "src" or "action" or "formaction"))
            {
                Assert.True(
                    address.Value.Length == 0 || address.Value is ['/', not '/', ..] or "/" or ['#', ..],
                    $"{element.LocalName} leads to {address.Value}");
            }
        }
    }

    private static void AssertHeaders(IReadOnlyDictionary<string, string> headers, string what)
    {
        Assert.Equal(
            (what,
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                    + "frame-ancestors 'none'; base-uri 'none'"),
            (what, headers.GetValueOrDefault("Content-Security-Policy")));
        Assert.Equal(
            (what, "nosniff", "DENY", "same-origin"),
            (what, headers.GetValueOrDefault("X-Content-Type-Options"), headers.GetValueOrDefault("X-Frame-Options"),
                headers.GetValueOrDefault("Referrer-Policy")));
        Assert.DoesNotContain("Server", headers.Keys);
        if (!what.Contains("/assets/", StringComparison.Ordinal))
            Assert.Contains("no-store", headers["Cache-Control"], StringComparison.Ordinal);
    }
}
