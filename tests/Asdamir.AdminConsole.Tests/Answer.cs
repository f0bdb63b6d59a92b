using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Asdamir.AdminConsole.Tests;

/// <summary>What the console answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    private IHtmlDocument? _page;

    public IHtmlDocument Page => _page ??= new HtmlParser().ParseDocument(Body);

    /// <summary>What a reader sees of the page.</summary>
    public string Text =>
        string.Join(
            ' ',
            (Page.QuerySelector("main")?.Descendants<IText>() ?? [])
                .SelectMany(static text => text.Data.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));

    public string? Location => Headers.GetValueOrDefault("Location");

    public string Field(string name) => ((IHtmlInputElement)Page.QuerySelector($"input[name='{name}']")!).Value;

    /// <summary>What a browser would send of the form with this button.</summary>
    public (string Name, string Value)[] Form(string form, string button) =>
    [
        .. Page.QuerySelectorAll($"{form} input").OfType<IHtmlInputElement>().Where(static input => input.Type is not "checkbox")
            .Select(static input => (input.Name!, input.Value)),
        ("action",
            ((IHtmlButtonElement)Page.QuerySelector(
                string.Join(
                    ',', new[] { $"{form} button", "button[form]" }
                        .Select(place => $"{place}[name=action]{(button.Length == 0 ? "" : $"[value='{button}']")}")))!).Value),
    ];

    /// <summary>Asserts that it is a question, and returns it with what is answered.</summary>
    public (string Path, (string Name, string Value)[] Fields) Asked(string reason, string? count = null, string? number = null)
    {
        Assert.Equal(HttpStatusCode.OK, Status);
        var form = Assert.IsType<IHtmlFormElement>(Page.QuerySelector("#ask-content form"), exactMatch: false);
        var answers = Form("#ask-content form", "")
            .Select(field => field.Name switch
            {
                "reason" => (field.Name, reason),
                "count" => (field.Name, count ?? ""),
                "number" => (field.Name, number ?? field.Value),
                _ => field,
            });
        return (form.GetAttribute("action")!, [.. answers]);
    }

    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
}
