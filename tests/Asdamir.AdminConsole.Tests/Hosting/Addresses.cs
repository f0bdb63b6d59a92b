using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>All addresses the console answers on, so that no test forgets a new one.</summary>
internal static class Addresses
{
    public static IReadOnlyList<Address> Of(ConsoleHost console, string company, string id) =>
    [
        .. console.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Address(
                new HttpMethod(method),
                "/"
                    + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{code}", company, StringComparison.Ordinal)
                        .Replace("{id}", id, StringComparison.Ordinal)
                    .Replace("{*path:nonfile}", "nothing/here", StringComparison.Ordinal),
                endpoint.RoutePattern.RawText.Contains("{code}", StringComparison.Ordinal)))),
    ];

    internal sealed record Address(HttpMethod Method, string Path, bool IsOfCompany)
    {
        public bool IsLive => Path.Contains("/live/", StringComparison.Ordinal);
    }
}
