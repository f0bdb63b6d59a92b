using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>The JSON API under <c>/frameworkapi/hangfire</c>.</summary>
internal static class MonitoringEndpoints
{
    public const string Root = "/frameworkapi/hangfire";

    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Root).WithTags("Background jobs");
        OverviewEndpoints.Map(group);
        JobsEndpoints.Map(group);
        ActionEndpoints.Map(group);
        OpenApiDocument.Map(group);
        UnknownRoutes.Map(group);
        return group;
    }

    /// <summary>A problem that names what is wrong with a parameter.</summary>
    public static IResult Invalid(InvalidParameterException exception) =>
        Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "Invalid parameter", detail: exception.Message,
            extensions: new Dictionary<string, object?> { ["parameter"] = exception.Parameter });

    public static IResult NotFound(string what) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: what);
}
