using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Shell;

/// <summary>Pages that only say something.</summary>
internal static class Message
{
    public static RazorComponentResult<MessagePage> Result(
        int status, string title, string text, string? link = null, string? linkText = null) =>
        new(new Dictionary<string, object?>
        {
            [nameof(MessagePage.Title)] = title,
            [nameof(MessagePage.Text)] = text,
            [nameof(MessagePage.Link)] = link,
            [nameof(MessagePage.LinkText)] = linkText,
        })
        { StatusCode = status };

    public static Task NotFound(HttpContext http) => NotFound().ExecuteAsync(http);

    public static RazorComponentResult<MessagePage> NotFound() =>
        Result(StatusCodes.Status404NotFound, ShellTexts.NotFound, ShellTexts.NotFoundHint, PageMap.Companies, ShellTexts.Companies);

    public static RazorComponentResult<MessagePage> Denied() =>
        Result(StatusCodes.Status403Forbidden, ShellTexts.Denied, ShellTexts.DeniedHint, PageMap.Companies, ShellTexts.Companies);

    public static RazorComponentResult<MessagePage> Failed()
    {
        var trace = Activity.Current?.TraceId.ToString() ?? ShellTexts.UnknownTrace;
        return Result(
            StatusCodes.Status500InternalServerError, ShellTexts.ServerError, ShellTexts.FormatServerErrorHint(trace), PageMap.Start,
            ShellTexts.BackToStart);
    }

    public static RazorComponentResult<MessagePage> Unreadable() =>
        Result(StatusCodes.Status400BadRequest, ShellTexts.NothingDone, ShellTexts.Unreadable, PageMap.Start, ShellTexts.BackToStart);

    /// <summary>The page belongs to another session: its user signed in or out in another tab.</summary>
    public static RazorComponentResult<MessagePage> SessionChanged() =>
        Result(
            StatusCodes.Status400BadRequest, ShellTexts.SessionChanged, ShellTexts.SessionChangedHint, PageMap.Start,
            ShellTexts.BackToStart);
}
