using System.Net.ServerSentEvents;
using System.Text.Json;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Acting;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Jobs;
using Asdamir.AdminConsole.Pages;
using Asdamir.AdminConsole.Views;

namespace Asdamir.AdminConsole.Live;

/// <summary>The addresses of the live views: a stream of server-sent events, or with <c>once=1</c> a single picture for browsers behind what breaks streams.</summary>
internal static class LiveRoutes
{
    // A connection that has silently ended elsewhere is replaced in time: the browser opens a new stream.
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Usually = TimeSpan.FromSeconds(3);

    public static void Map(RouteGroupBuilder company)
    {
        var live = company.MapGroup("/live");
        live.MapGet("/overview", static (HttpContext http, RequestContext visit, string? range) =>
            SendAsync(http, View<OverviewView>(visit, Usually, (nameof(OverviewView.App), visit.App), (nameof(OverviewView.Range), OverviewRange.Of(range)))));
        live.MapGet("/tabs", static (HttpContext http, RequestContext visit, string? since) =>
            SendAsync(http, View<JobTabsView>(
                visit, Usually, (nameof(JobTabsView.Query), TabsOf(http.Request.Query)), (nameof(JobTabsView.Since), SinceOf(http.Request.Query, since)))));
        live.MapGet("/jobs/{id}", static (HttpContext http, RequestContext visit, string id, string? level) => id.Length > ActionLimits.IdLength
            ? Message.NotFound(http)
            : SendAsync(http, View<JobView>(visit, Often, (nameof(JobView.App), visit.App), (nameof(JobView.Id), id), (nameof(JobView.Least), JobView.LevelOf(level)))));
        live.MapGet("/queues", static (HttpContext http, RequestContext visit) => SendAsync(http, View<QueuesView>(visit, Usually, (nameof(QueuesView.App), visit.App))));
        live.MapGet("/servers", static (HttpContext http, RequestContext visit) => SendAsync(http, View<ServersView>(visit, Usually, (nameof(ServersView.App), visit.App))));
        live.MapGet("/operations/{id}", static (HttpContext http, RequestContext visit, string id, string? of) =>
            SendAsync(http, View<OperationView>(visit, Often, (nameof(OperationView.Id), OperationView.IdOf(id)), (nameof(OperationView.Of), OperationView.TotalOf(of)))));
    }

    // What the tabs do not show must not make another view.
    private static JobListQuery TabsOf(IQueryCollection query) => JobListQuery.Of(query) with { After = null, Faults = [] };

    // Beyond the first page nothing is new.
    private static DateTime? SinceOf(IQueryCollection query, string? since) => JobListQuery.Of(query).After is null ? JobListQuery.TimeOf(since) : null;

    private static LiveFragment View<TView>(RequestContext visit, TimeSpan interval, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var all = new Dictionary<string, object?> { [nameof(Company)] = visit.Company };
        // From what was understood and not from the address: whatever else is in it must not make another view.
        List<string?> key = [typeof(TView).Name, visit.Company.Code];
        foreach (var (name, value) in parameters)
        {
            all.Add(name, value);
            key.Add(value switch
            {
                JobListQuery query => JsonSerializer.Serialize(query.Parts()),
                DateTime time => JobListQuery.TextOf(time),
                _ => value?.ToString(),
            });
        }
        return new LiveFragment(JsonSerializer.Serialize(key), visit.Company.Code, typeof(TView), all, interval);
    }

    private static async Task SendAsync(HttpContext http, LiveFragment view)
    {
        var services = http.RequestServices;
        using var place = services.GetRequiredService<LiveLimit>().TryEnter(http.User);
        if (place is null)
        {
            await Results.Text(LiveLimit.Refusal, statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(http).ConfigureAwait(false);
            return;
        }
        (http.Response.Headers.CacheControl, http.Response.Headers["X-Accel-Buffering"]) = ("no-store", "no");
        if (http.Request.Query["once"] == "1")
        {
            var picture = await services.GetRequiredService<LiveFragments>().TakeAsync(view).ConfigureAwait(false);
            http.Response.Headers["X-Live"] = picture.Kind;
            await Results.Content(picture.Html, "text/html; charset=utf-8").ExecuteAsync(http).ConfigureAwait(false);
            return;
        }
        using var longest = new CancellationTokenSource(LongestStream, services.GetRequiredService<TimeProvider>());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping, longest.Token);
        var updates = WhilePermittedAsync(http, services.GetRequiredService<LiveFeeds>().FollowAsync(view, end.Token));
        await TypedResults.ServerSentEvents(updates).ExecuteAsync(http).ConfigureAwait(false);
    }

    // Asked before each update: nothing is sent to a session that has ended, or to a role that was taken away.
    private static async IAsyncEnumerable<SseItem<string>> WhilePermittedAsync(HttpContext http, IAsyncEnumerable<SseItem<string>> updates)
    {
        var sessions = http.RequestServices.GetRequiredService<Sessions>();
        var (user, company) = (http.User, http.RequestServices.GetRequiredService<RequestContext>().Company);
        await foreach (var update in updates.ConfigureAwait(false))
        {
            if (sessions.RoleOf(user, company) == Role.None)
                yield break;
            yield return update;
        }
    }
}
