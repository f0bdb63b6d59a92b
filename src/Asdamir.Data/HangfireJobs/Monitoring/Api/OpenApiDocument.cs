using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>The description of this API, written by hand with examples; a test checks it against the real answers.</summary>
internal static class OpenApiDocument
{
    public static void Map(ApiRoutes routes) =>
        routes.Get("/openapi.json", static () => Results.Stream(Open(), "application/json")).ExcludeFromDescription();

    public static Stream Open() => Assembly.GetExecutingAssembly().GetManifestResourceStream("Asdamir.Data.HangfireJobs.Monitoring.Api.openapi.json")!;
}
