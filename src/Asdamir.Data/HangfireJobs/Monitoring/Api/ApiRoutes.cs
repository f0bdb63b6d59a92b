using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>
/// Maps the routes of one API, each marked with its route below the pattern of the API. The delegates contain the calls of
/// <c>MapGet</c> and its like so that their handlers are compiled at build time and not at the start of each app.
/// </summary>
internal sealed class ApiRoutes(RouteGroupBuilder group)
{
    /// <param name="route">The route below the pattern.</param>
    /// <param name="map">Maps its handler.</param>
    /// <param name="id">The id of the operation in OpenAPI documents.</param>
    /// <param name="summary">What it does, in a few words.</param>
    public ApiRoute Add(string route, Func<RouteGroupBuilder, string, RouteHandlerBuilder> map, string id, string summary) =>
        new(Map(route, map), id, summary);

    /// <summary>Maps what no document describes.</summary>
    public void AddUndescribed(string route, Func<RouteGroupBuilder, string, RouteHandlerBuilder> map) =>
        Map(route, map).ExcludeFromDescription();

    private RouteHandlerBuilder Map(string route, Func<RouteGroupBuilder, string, RouteHandlerBuilder> map) =>
        map(group, route).WithMetadata(new MappedRoute(route));
}
