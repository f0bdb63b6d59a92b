using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>
/// Generates the document from the endpoints, in a separate container: neither the JSON options nor the documents of the host
/// change it, and <c>MapOpenApi</c> of the host does not publish it.
/// </summary>
internal static class DocumentGenerator
{
    private const string Name = "hangfire-jobs";

    public static async Task<byte[]> GenerateAsync(
        IServiceProvider host, IEnumerable<RouteEndpoint> endpoints, string serverUrl, CancellationToken cancellationToken)
    {
        List<RouteEndpoint> described = [.. endpoints.Select(WithoutRoot)];
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddRouting();
        services.AddSingleton(host.GetRequiredService<IHostEnvironment>());
        services.AddSingleton<EndpointDataSource>(new DefaultEndpointDataSource(described));
        KnowServices(services, host.GetRequiredService<IServiceProviderIsService>(), described);
        services.ConfigureHttpJsonOptions(static json =>
        {
            // Each schema lists all its members, and a number is a number.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        services.AddOpenApi(Name, options =>
        {
            options.ShouldInclude = static _ => true;
            options.CreateSchemaReferenceId = static type => NameOf(OpenApiOptions.CreateDefaultSchemaReferenceId(type));
        });
        await using var provider = services.BuildServiceProvider();
        var document = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)
            .GetOpenApiDocumentAsync(cancellationToken).ConfigureAwait(false);
        DocumentShape.Apply(document, serverUrl);
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1, cancellationToken).ConfigureAwait(false);
        return stream.ToArray();
    }

    private static string? NameOf(string? type) => type switch
    {
        nameof(ActionAnswer) => "Report",
        { } answer when answer.EndsWith("Answer", StringComparison.Ordinal) => answer[..^"Answer".Length],
        _ => type,
    };

    private static RouteEndpoint WithoutRoot(RouteEndpoint endpoint)
    {
        var route = RoutePatternFactory.Parse(endpoint.Metadata.GetRequiredMetadata<MappedRoute>().Pattern);
        var metadata = endpoint.Metadata.GetMetadata<RequestShape>() is { } request
            ? new EndpointMetadataCollection(endpoint.Metadata.Append(request.Metadata))
            : endpoint.Metadata;
        return new RouteEndpoint(endpoint.RequestDelegate!, route, endpoint.Order, metadata, endpoint.DisplayName);
    }

    // A parameter of a handler is a service, and not a request body, if the container knows its type.
    private static void KnowServices(ServiceCollection services, IServiceProviderIsService host, IEnumerable<RouteEndpoint> endpoints)
    {
        foreach (var type in endpoints
            .SelectMany(static endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
            .Select(static parameter => parameter.ParameterType)
            .Where(host.IsService))
        {
            services.TryAdd(ServiceDescriptor.Singleton(type, _ => throw new NotSupportedException($"{type} is only described here.")));
        }
    }
}
