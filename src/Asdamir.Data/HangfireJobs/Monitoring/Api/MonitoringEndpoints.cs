using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Maps the JSON API.</summary>
internal static class MonitoringEndpoints
{
    /// <summary>Keeps the endpoints out of the host's own OpenAPI documents, unless the host changes the group name.</summary>
    private const string GroupName = "hangfire-jobs";

    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string pattern)
    {
        var group = endpoints.MapGroup(pattern).WithTags("Background jobs").WithGroupName(GroupName).WithMetadata(new ApiMapping(pattern));
        var routes = new ApiRoutes(group);
        OverviewEndpoints.Map(routes);
        JobsEndpoints.Map(routes);
        WorkflowEndpoints.Map(routes);
        ActionEndpoints.Map(routes);
        DocumentEndpoint.Map(routes);
        UnknownRoutes.Map(routes);
        if (ReferencePage.IsServed(endpoints.ServiceProvider))
            ReferencePage.Map(group);
        return group;
    }

    /// <summary>A problem that names what is wrong with a parameter.</summary>
    public static IResult Invalid(InvalidParameterException exception) =>
        Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "Invalid parameter", detail: exception.Message,
            extensions: new Dictionary<string, object?> { ["parameter"] = exception.Parameter });

    public static IResult NotFound(string what) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: what);
}
