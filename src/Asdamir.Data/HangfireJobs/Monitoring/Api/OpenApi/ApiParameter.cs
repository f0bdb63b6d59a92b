using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>A parameter in the query, the path or a header.</summary>
internal sealed record ApiParameter(string Name, JsonSchemaType Type, string Text, SchemaRule? Rule = null, JsonNode? Example = null)
{
    public static readonly ApiParameter App = new(
        "app", JsonSchemaType.String, "Only this app, which is its queue. The API of an app with an AppQueue shows only its own.",
        new() { MaxLength = Parameters.MaxText }, "crm");

    public static readonly ApiParameter JobId = new("id", JsonSchemaType.String, "The job.", null, "4711") { In = ParameterLocation.Path };

    public static readonly ApiParameter RecurringJobId = new(
        "id", JsonSchemaType.String, "The stored id of the recurring job, with the prefix; percent-encoded.", null, "crm:nightly")
    { In = ParameterLocation.Path };

    public static readonly ApiParameter Queue = new(
        "name", JsonSchemaType.String, "The queue, which is an app; it need not exist yet.", null, "crm")
    { In = ParameterLocation.Path };

    public static readonly ApiParameter WorkflowId = new("id", JsonSchemaType.String, "The workflow.", null, "4710")
    {
        In = ParameterLocation.Path,
    };

    public ParameterLocation In { get; init; } = ParameterLocation.Query;

    public static ApiParameter Time(string name, string text, string? example = null) =>
        new(name, JsonSchemaType.String, text, new() { Format = "date-time" }, example);

    public OpenApiParameter Describe() => new()
    {
        Name = Name,
        In = In,
        Required = In == ParameterLocation.Path,
        Description = Text,
        Schema = (Rule ?? new()).ApplyTo(new OpenApiSchema { Type = Type }),
        Example = Example?.DeepClone(),
    };
}
