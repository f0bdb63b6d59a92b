using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Serves the document that describes this mapping of the API.</summary>
internal static class DocumentEndpoint
{
    public static void Map(ApiRoutes routes) =>
        routes.Add(
                "/openapi.json", static (group, route) => group.MapGet(route, GetAsync),
                "openApi", "Describe this API")
            .Returns<object>("This document.");

    private static async Task<IResult> GetAsync(HttpContext http, EndpointDataSource endpoints)
    {
        var mapping = http.GetEndpoint()!.Metadata.GetRequiredMetadata<ApiMapping>();
        return Results.Bytes(
            await mapping.DescribeAsync(http.RequestServices, endpoints, http.RequestAborted).ConfigureAwait(false), "application/json");
    }
}
