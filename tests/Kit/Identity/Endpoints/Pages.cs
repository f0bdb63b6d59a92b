using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Kit.Identity.Endpoints;

internal static class Pages
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Default;

    public static IResult SignIn(string query, string? fault) => Page("Sign in", $"""
        <form method="post" action="/authorize{Html.Encode(query)}">
          <p role="alert">{Html.Encode(fault ?? "")}</p>
          <label>User name <input name="username" autofocus required></label>
          <button type="submit">Sign in</button>
        </form>
        """);

    public static IResult FormPost(string action, Dictionary<string, string?> fields) => Page("Signed in", $"""
        <form method="post" action="{Html.Encode(action)}">
          {string.Join('\n', fields.Select(static field => $"""<input type="hidden" name="{field.Key}" value="{Html.Encode(field.Value ?? "")}">"""))}
          <button type="submit">Continue</button>
        </form>
        <script>document.forms[0].submit()</script>
        """);

    private static IResult Page(string title, string body) =>
        Results.Content($"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>""", "text/html; charset=utf-8");
}
