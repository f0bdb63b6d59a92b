using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Whatever no route answers is answered with a problem too, and only to those who may look.</summary>
internal static class UnknownRoutes
{
    private const string Pattern = "/{**path}";

    public static void Map(RouteGroupBuilder group) => group.Map(Pattern, Answer).ExcludeFromDescription();

    private static IResult Answer(HttpContext http, EndpointDataSource endpoints)
    {
        var allowed = endpoints.Endpoints.OfType<RouteEndpoint>().Where(route => IsMatch(route, http.Request.Path))
            .SelectMany(static route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        if (allowed.Count == 0)
            return MonitoringEndpoints.NotFound($"There is no such route. All of them are in {MonitoringEndpoints.Root}/openapi.json.");
        http.Response.Headers.Allow = string.Join(", ", allowed);
        return Results.Problem(statusCode: StatusCodes.Status405MethodNotAllowed, detail: $"This route answers {string.Join(" and ", allowed)} only.");
    }

    private static bool IsMatch(RouteEndpoint route, PathString path) =>
        route.RoutePattern.RawText is { } text
        && text.StartsWith(MonitoringEndpoints.Root, StringComparison.Ordinal)
        && !text.EndsWith(Pattern, StringComparison.Ordinal)
        && new TemplateMatcher(TemplateParser.Parse(text), []).TryMatch(path, []);
}
