using System.Net;
using System.Text.RegularExpressions;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>Fills in the provider's page as a browser does.</summary>
internal static partial class SignInPage
{
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, HttpResponseMessage page, string user)
    {
        var action = WebUtility.HtmlDecode(Action().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = user });
        return await browser.PostAsync(new Uri(page.RequestMessage!.RequestUri!, action), form);
    }

    [GeneratedRegex("action=\"([^\"]+)\"")]
    private static partial Regex Action();
}
