using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Asdamir.AdminConsole.Tests;

/// <summary>What the console answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    private IHtmlDocument? _page;

    public IHtmlDocument Page => _page ??= new HtmlParser().ParseDocument(Body);

    /// <summary>What a reader sees of the page.</summary>
    public string Text => string.Join(' ', (Page.QuerySelector("main")?.TextContent ?? "").Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    public string? Location => Headers.GetValueOrDefault("Location");

    public string Field(string name) => ((IHtmlInputElement)Page.QuerySelector($"input[name='{name}']")!).Value;

    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Headers.Concat(response.Content.Headers).ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
}
