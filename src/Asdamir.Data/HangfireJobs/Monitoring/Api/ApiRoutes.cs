using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Maps the routes of one API, each marked with its route below the pattern of the API.</summary>
internal sealed class ApiRoutes(RouteGroupBuilder group)
{
    public RouteHandlerBuilder Get(string route, Delegate handler) => group.MapGet(route, handler).WithMetadata(new MappedRoute(route));

    public RouteHandlerBuilder Post(string route, Delegate handler) => group.MapPost(route, handler).WithMetadata(new MappedRoute(route));

    public RouteHandlerBuilder Any(string route, Delegate handler) => group.Map(route, handler).WithMetadata(new MappedRoute(route));
}
