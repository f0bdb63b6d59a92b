using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Asdamir.Data.Tests.Monitoring.OpenApi;

/// <summary>The document; <see cref="AnswersTests"/> validates real responses against it.</summary>
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
            .Where(static route => route.RoutePattern.RawText!.StartsWith(Api.Root, StringComparison.Ordinal))
            .Where(static route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true)
            .SelectMany(route =>
                route.Metadata.GetMetadata<HttpMethodMetadata>()
                    ?.HttpMethods.Select(method => (method, route.RoutePattern.RawText![Api.Root.Length..]))
                    ?? []);

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
        var (where, schema, example) = description.Examples()
            .First(example => example.Where.StartsWith("GET /statistics 200", StringComparison.Ordinal));

        Assert.ThrowsAny<Exception>(
            () => description.AssertValid(where, schema, example.Replace("\"retry\"", "\"other\"", StringComparison.Ordinal)));
        Assert.ThrowsAny<Exception>(() => description.AssertValid(where, schema, example.Insert(1, "\"extra\":1,")));
    }

    [Fact]
    public async Task EveryPartOfTheDocument_IsDescribed()
    {
        var document = JsonNode.Parse((await Description.OfAsync(await StartAsync())).Json)!;
        List<string> silent = [];

        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                Need($"{method} {path}", operation!, "summary");
                foreach (var parameter in operation!["parameters"]?.AsArray() ?? [])
                    Need($"{method} {path} {parameter!["name"]}", parameter, "description");
                foreach (var (status, response) in operation["responses"]!.AsObject())
                {
                    Need($"{method} {path} {status}", response!, "description");
                    foreach (var (header, value) in response!["headers"]?.AsObject() ?? [])
                        Need($"{method} {path} {status} {header}", value!, "description");
                }
            }
        }
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            foreach (var (property, value) in schema!["properties"]?.AsObject() ?? [])
                Need($"{name}.{property}", value!, "description");
        }

        Assert.Empty(silent);

        void Need(string what, JsonNode node, string text)
        {
            if (string.IsNullOrEmpty(node[text]?.GetValue<string>()))
                silent.Add($"{what} has no {text}");
        }
    }

    [Fact]
    public async Task EveryDescription_BelongsToASchema_ThatHasTheProperty()
    {
        var schemas = JsonNode.Parse((await Description.OfAsync(await StartAsync())).Json)!["components"]!["schemas"]!;

        var unused = SchemaDescriptions.All
            .SelectMany(static schema => schema.Value.Select(property => (Schema: schema.Key, Property: property.Key)))
            .Where(described => schemas[described.Schema]?["properties"]?[described.Property] is null);

        Assert.Empty(unused);
    }

    [Fact]
    public async Task Document_IsTheSame_WhateverTheHostSetsForJson()
    {
        var usual = await Description.OfAsync(await StartAsync());
        var unusual = await Description.OfAsync(await StartAsync(services: static services =>
            services.ConfigureHttpJsonOptions(
                static json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)));

        Assert.Equal(usual.Json, unusual.Json);
    }

    /// <summary>Set <c>WRITE_GOLDEN=1</c> to accept a change, and review the difference before you commit it.</summary>
    [Fact]
    public async Task Document_IsAsPinned()
    {
        var golden = Path.Combine(Metadata("Sources"), "..", "tests", "Asdamir.Data.Tests", "Monitoring", "OpenApi", "openapi.golden.json");
        var json = (await Description.OfAsync(await StartAsync())).Json.ReplaceLineEndings("\n") + "\n";

        if (Environment.GetEnvironmentVariable("WRITE_GOLDEN") == "1")
            await File.WriteAllTextAsync(golden, json, TestContext.Current.CancellationToken);

        Assert.Equal((await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"), json);
    }

    private static string Metadata(string key) =>
        typeof(DocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == key).Value!;
}
