using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Answers a request that no route matches with a problem, and only to users who may look.</summary>
internal static class UnknownRoutes
{
    private const string Pattern = "/{**path}";

    public static void Map(ApiRoutes routes) =>
        routes.AddUndescribed(Pattern, static (group, route) => group.Map(route, Answer));

    private static IResult Answer(HttpContext http, EndpointDataSource endpoints)
    {
        var mapping = http.GetEndpoint()!.Metadata.GetRequiredMetadata<ApiMapping>();
        List<string> allowed =
        [
            .. mapping.EndpointsOf(endpoints)
                .Where(route => IsMatch(route, http.Request.Path))
                .SelectMany(static route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        if (allowed.Count == 0)
            return MonitoringEndpoints.NotFound($"There is no such route. {MappedRoot.Of(http)}/openapi.json lists all routes.");
        http.Response.Headers.Allow = string.Join(", ", allowed);
        return Results.Problem(
            statusCode: StatusCodes.Status405MethodNotAllowed, detail: $"This route accepts {string.Join(" and ", allowed)} only.");
    }

    private static bool IsMatch(RouteEndpoint route, PathString path) =>
        route.Metadata.GetRequiredMetadata<MappedRoute>().Pattern != Pattern
        && new TemplateMatcher(TemplateParser.Parse(route.RoutePattern.RawText!), []).TryMatch(path, []);
}
