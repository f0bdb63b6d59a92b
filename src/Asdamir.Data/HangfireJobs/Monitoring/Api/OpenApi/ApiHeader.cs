using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>A header of a response.</summary>
internal sealed record ApiHeader(
    string Name, string Text, bool Required = false, JsonSchemaType Type = JsonSchemaType.String, JsonNode? Example = null)
{
    public OpenApiHeader Describe() => new()
    {
        Description = Text,
        Required = Required,
        Schema = new OpenApiSchema { Type = Type, Minimum = Type == JsonSchemaType.Integer ? "0" : null },
        Example = Example?.DeepClone(),
    };
}
