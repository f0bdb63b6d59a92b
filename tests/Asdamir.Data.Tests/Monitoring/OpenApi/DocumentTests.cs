using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Asdamir.Data.Tests.Monitoring.OpenApi;

/// <summary>The document alone; <see cref="AnswersTests"/> hold real answers against it.</summary>
public sealed class DocumentTests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Document_IsValid()
    {
        var result = OpenApiDocument.Parse((await Description.OfAsync(await StartAsync())).Json);

        Assert.Empty(result.Diagnostic!.Errors);
        Assert.Empty(result.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, result.Diagnostic.SpecificationVersion);
        Assert.NotEmpty(result.Document!.Paths);
    }

    [Fact]
    public async Task Document_HasExactlyTheRoutesThatAreMapped()
    {
        var crm = await StartAsync();
        var mapped = crm.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith(Api.Root, StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (method, route.RoutePattern.RawText![Api.Root.Length..])) ?? []);

        Assert.Equal(mapped.Order(), (await Description.OfAsync(crm)).Routes.Order());
    }

    [Fact]
    public async Task Examples_AreAsDescribed()
    {
        var description = await Description.OfAsync(await StartAsync());

        Assert.NotEmpty(description.Examples());
        Assert.All(description.Examples(), example => description.AssertValid(example.Where, example.Schema, example.Example));
    }

    [Fact]
    public async Task ObjectsAreClosed_SoThatNothingUndescribedPasses()
    {
        var description = await Description.OfAsync(await StartAsync());
        var (where, schema, example) = description.Examples().First(example => example.Where.StartsWith("GET /statistics 200", StringComparison.Ordinal));

        Assert.ThrowsAny<Exception>(() => description.AssertValid(where, schema, example.Replace("\"retry\"", "\"other\"", StringComparison.Ordinal)));
        Assert.ThrowsAny<Exception>(() => description.AssertValid(where, schema, example.Insert(1, "\"extra\":1,")));
    }
}
