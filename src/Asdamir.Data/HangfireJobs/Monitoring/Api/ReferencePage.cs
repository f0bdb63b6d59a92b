using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>A page that shows the OpenAPI document of this mapping. Its scripts come from the package and call this host only.</summary>
internal static class ReferencePage
{
    private const string Route = "/reference";

    public static bool IsServed(IServiceProvider services) =>
        services.GetRequiredService<HangfireJobsOptions>().Access.ApiReference
        ?? services.GetRequiredService<IHostEnvironment>().IsDevelopment();

    public static void Map(RouteGroupBuilder group) =>
        group.MapScalarApiReference(Route, Configure).AddEndpointFilter(static async (context, next) =>
        {
            // The package reads the name of a document from the path. There is one only.
            if (context.HttpContext.GetRouteValue("documentName") is not null)
                return MonitoringEndpoints.NotFound($"The reference has no pages below {Route}/.");
            UseOwnOptions(context.Arguments);
            return await next(context).ConfigureAwait(false);
        });

    private static void Configure(ScalarOptions options, HttpContext http)
    {
        var root = http.Request.Path.ToUriComponent()[..^(Route.Length + 1)];
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        options
            .WithTitle("Background jobs: API")
            // Its validator would try whether the policy allows eval, and the browser would report that.
            .AddHeadContent($"<script nonce=\"{nonce}\">globalThis.__zod_globalConfig = {{ jitless: true }};</script>")
            .AddDocument("jobs", routePattern: $"{root[1..]}/openapi.json")
            .AddServer(http.Request.PathBase.ToUriComponent() + root)
            .WithNonce(nonce)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            // It leads to another host.
            .HideClientButton();
    }

    // The host may have configured ScalarOptions for its own pages.
    private static void UseOwnOptions(IList<object?> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is IOptionsSnapshot<ScalarOptions>)
                arguments[i] = new OwnOptions();
        }
    }

    private sealed class OwnOptions : IOptionsSnapshot<ScalarOptions>
    {
        public ScalarOptions Value { get; } = new();

        public ScalarOptions Get(string? name) => Value;
    }
}
