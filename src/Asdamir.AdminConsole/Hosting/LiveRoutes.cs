using System.Net.ServerSentEvents;
using System.Text.Json;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.Jobs;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Features.Overview;
using Asdamir.AdminConsole.Features.Queues;
using Asdamir.AdminConsole.Features.Servers;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Shell.Live;

namespace Asdamir.AdminConsole.Hosting;

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
            SendAsync(http, View<OverviewFragment>(visit, Usually, (nameof(OverviewFragment.App), visit.App), (nameof(OverviewFragment.Range), OverviewRange.Of(range)))));
        live.MapGet("/tabs", static (HttpContext http, RequestContext visit, string? since) =>
            SendAsync(http, View<JobTabsFragment>(
                visit, Usually, (nameof(JobTabsFragment.Query), TabsOf(http.Request.Query)), (nameof(JobTabsFragment.Since), SinceOf(http.Request.Query, since)))));
        live.MapGet("/jobs/{id}", static (HttpContext http, RequestContext visit, string id, string? level) => id.Length > ActionLimits.IdLength
            ? Message.NotFound(http)
            : SendAsync(http, View<JobFragment>(visit, Often, (nameof(JobFragment.App), visit.App), (nameof(JobFragment.Id), id), (nameof(JobFragment.Least), JobFragment.LevelOf(level)))));
        live.MapGet("/queues", static (HttpContext http, RequestContext visit) => SendAsync(http, View<QueuesFragment>(visit, Usually, (nameof(QueuesFragment.App), visit.App))));
        live.MapGet("/servers", static (HttpContext http, RequestContext visit) => SendAsync(http, View<ServersFragment>(visit, Usually, (nameof(ServersFragment.App), visit.App))));
        live.MapGet("/operations/{id}", static (HttpContext http, RequestContext visit, string id, string? of) =>
            SendAsync(http, View<OperationFragment>(visit, Often, (nameof(OperationFragment.Id), OperationFragment.IdOf(id)), (nameof(OperationFragment.Of), OperationFragment.TotalOf(of)))));
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
