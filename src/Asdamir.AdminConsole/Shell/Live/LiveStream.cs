using System.Net.ServerSentEvents;
using Asdamir.AdminConsole.Access;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>
/// Answers with a live fragment: a stream of server-sent events or, with <c>once=1</c>, one drawing of it for browsers behind a proxy that
/// breaks streams.
/// </summary>
internal static class LiveStream
{
    // Replaces a connection that ended silently elsewhere: the browser opens a new stream.
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(5);

    public static async Task SendAsync(HttpContext http, LiveFragment fragment)
    {
        var services = http.RequestServices;
        using var place = services.GetRequiredService<LiveLimit>().TryEnter(http.User);
        if (place is null)
        {
            await Results.Text(LiveLimit.Refusal, statusCode: StatusCodes.Status429TooManyRequests)
                .ExecuteAsync(http).ConfigureAwait(false);
            return;
        }
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (http.Request.Query["once"] == "1")
        {
            var update = await services.GetRequiredService<LiveFragments>().TakeAsync(fragment, http.RequestAborted).ConfigureAwait(false);
            http.Response.Headers["X-Live"] = update.Kind;
            await Results.Content(update.Html, "text/html; charset=utf-8").ExecuteAsync(http).ConfigureAwait(false);
            return;
        }
        using var longest = new CancellationTokenSource(LongestStream, services.GetRequiredService<TimeProvider>());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping, longest.Token);
        var updates = WhilePermittedAsync(http, services.GetRequiredService<LiveFeeds>().FollowAsync(fragment, end.Token));
        await TypedResults.ServerSentEvents(updates).ExecuteAsync(http).ConfigureAwait(false);
    }

    // The role is checked before each update: a session that ended and a role that was revoked get nothing more.
    private static async IAsyncEnumerable<SseItem<string>> WhilePermittedAsync(HttpContext http, IAsyncEnumerable<SseItem<string>> updates)
    {
        var roles = http.RequestServices.GetRequiredService<ICurrentRoles>();
        var user = http.User;
        var company = http.RequestServices.GetRequiredService<RequestContext>().Company;
        await foreach (var update in updates.ConfigureAwait(false))
        {
            if (roles.RoleOf(user, company) == Role.None)
                yield break;
            yield return update;
        }
    }
}
