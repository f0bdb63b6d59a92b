using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>The limits of a value.</summary>
internal sealed record SchemaRule
{
    /// <summary>Whether the property must be given, although its type is nullable.</summary>
    public bool IsRequired { get; init; }

    public string[]? Values { get; init; }

    public string? Format { get; init; }

    public int? Minimum { get; init; }

    public int? Maximum { get; init; }

    public int? MaxLength { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    public JsonNode? Default { get; init; }

    public OpenApiSchema ApplyTo(OpenApiSchema schema)
    {
        schema.Enum = Values is null ? schema.Enum : [.. Values.Select(static value => (JsonNode)value)];
        schema.Format = Format ?? schema.Format;
        schema.Minimum = Minimum?.ToString(CultureInfo.InvariantCulture) ?? schema.Minimum;
        schema.Maximum = Maximum?.ToString(CultureInfo.InvariantCulture) ?? schema.Maximum;
        schema.MaxLength = MaxLength ?? schema.MaxLength;
        schema.MinItems = MinItems ?? schema.MinItems;
        schema.MaxItems = MaxItems ?? schema.MaxItems;
        schema.Default = Default ?? schema.Default;
        return schema;
    }
}
