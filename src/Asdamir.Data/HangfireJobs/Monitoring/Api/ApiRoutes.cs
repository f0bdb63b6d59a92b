using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Maps the routes of one API, each marked with its route below the pattern of the API.</summary>
internal sealed class ApiRoutes(RouteGroupBuilder group)
{
    /// <param name="route">The route below the pattern.</param>
    /// <param name="handler">Answers it.</param>
    /// <param name="id">The id of the operation in OpenAPI documents.</param>
    /// <param name="summary">What it does, in a few words.</param>
    public ApiRoute Get(string route, Delegate handler, string id, string summary) =>
        new(group.MapGet(route, handler).WithMetadata(new MappedRoute(route)), id, summary);

    /// <inheritdoc cref="Get"/>
    public ApiRoute Post(string route, Delegate handler, string id, string summary) =>
        new(group.MapPost(route, handler).WithMetadata(new MappedRoute(route)), id, summary);

    /// <summary>Maps what no document describes.</summary>
    public void Any(string route, Delegate handler) =>
        group.Map(route, handler).WithMetadata(new MappedRoute(route)).ExcludeFromDescription();
}
