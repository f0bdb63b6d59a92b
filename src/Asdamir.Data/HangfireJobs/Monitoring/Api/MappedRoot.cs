using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>
/// The path that the API or the dashboard is mapped under. It is read from the request, because a pattern does not know the groups
/// and the path base around it.
/// </summary>
internal static class MappedRoot
{
    /// <summary>The path of this request's mapping, escaped and with the path base.</summary>
    public static string Of(HttpContext http) =>
        http.Request.PathBase.ToUriComponent() + Prefix(http.Request.Path.ToUriComponent(), DepthOf((RouteEndpoint)http.GetEndpoint()!));

    /// <summary>The first segments of a path.</summary>
    public static string Prefix(string path, int segments)
    {
        var end = 0;
        for (var i = 0; i < segments; i++)
        {
            var next = path.IndexOf('/', end + 1);
            if (next < 0)
                return path;
            end = next;
        }
        return path[..end];
    }

    /// <summary>How many segments of the endpoint's pattern come before its route.</summary>
    public static int DepthOf(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.PathSegments.Count - endpoint.Metadata.GetRequiredMetadata<MappedRoute>().Segments;
}
