using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>One mapping of the API. All its endpoints carry it, so that an app that maps the API twice can tell them apart.</summary>
internal sealed class ApiMapping(string pattern)
{
    private byte[]? _document;

    /// <summary>The endpoints of the API's routes, without the files of the reference page.</summary>
    public IEnumerable<RouteEndpoint> EndpointsOf(EndpointDataSource endpoints) =>
        endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<ApiMapping>() == this && endpoint.Metadata.GetMetadata<MappedRoute>() is not null);

    /// <summary>The OpenAPI document, generated at the first request.</summary>
    public async Task<byte[]> DescribeAsync(IServiceProvider services, EndpointDataSource endpoints, CancellationToken cancellationToken) =>
        _document ??= await DocumentGenerator.GenerateAsync(
            services, EndpointsOf(endpoints), ServerUrl, cancellationToken).ConfigureAwait(false);

    // Relative to the document, which lies below the pattern.
    private string ServerUrl => $"../{pattern[(pattern.LastIndexOf('/') + 1)..]}";
}
