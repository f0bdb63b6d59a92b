using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Shell;

/// <summary>Pages that only say something.</summary>
internal static class Message
{
    public static RazorComponentResult<MessagePage> Result(int status, string title, string text, string? link = null, string? linkText = null) =>
        new(new Dictionary<string, object?>
        {
            [nameof(MessagePage.Title)] = title, [nameof(MessagePage.Text)] = text, [nameof(MessagePage.Link)] = link, [nameof(MessagePage.LinkText)] = linkText,
        })
        { StatusCode = status };

    public static Task NotFound(HttpContext http) => NotFound().ExecuteAsync(http);

    public static RazorComponentResult<MessagePage> NotFound() =>
        Result(StatusCodes.Status404NotFound, "Page not found", "The address is wrong, or you have no role in this company.", PageMap.Companies, "To the companies");

    public static RazorComponentResult<MessagePage> Denied() =>
        Result(StatusCodes.Status403Forbidden, "Denied", "You may not do that.", PageMap.Companies, "To the companies");

    public static RazorComponentResult<MessagePage> Failed() =>
        Result(StatusCodes.Status500InternalServerError, "Something went wrong", $"It is in the log of the console, under the trace {System.Diagnostics.Activity.Current?.TraceId.ToString() ?? "of this time"}.", PageMap.Start, "To the start");

    public static RazorComponentResult<MessagePage> Unreadable() =>
        Result(StatusCodes.Status400BadRequest, "Nothing was done", "The form could not be read: it is too large, or not complete.", PageMap.Start, "To the start");

    /// <summary>The page belongs to another session: somebody signed in or out in another tab.</summary>
    public static RazorComponentResult<MessagePage> SessionChanged() =>
        Result(StatusCodes.Status400BadRequest, "Session changed", "You signed in or out in another tab, so nothing was done. Go back, reload the page and do it again.", PageMap.Start, "To the start");
}
