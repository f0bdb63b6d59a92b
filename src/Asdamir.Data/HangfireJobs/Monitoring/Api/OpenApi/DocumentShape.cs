using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>What the document says about the API as a whole, and what the generator does not know about the schemas.</summary>
internal static class DocumentShape
{
    private const string Read = "Read";
    private const string Act = "Act";
    private const string Bearer = "bearer";
    private const string Antiforgery = "antiforgery";

    public static void Apply(OpenApiDocument document, string serverUrl)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Background jobs of an app",
            Version = "1",
            Description = "Shows the background jobs of an app and acts on them. "
                + "Ids are strings, times are UTC, and absent values are left out. Every error is a problem (RFC 9457).",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers =
        [
            new OpenApiServer { Url = serverUrl, Description = "Relative to this document, so that it also holds behind a path base." }
        ];
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = Read, Description = "For users who meet Access:Policy." },
            new()
            {
                Name = Act,
                Description = "For users who also meet Access:OperatorPolicy, unless Access:ReadOnly is set. "
                    + "Needs a bearer token in a request without cookies, or the antiforgery token.",
            },
        };
        AddSecurity(document);
        foreach (var (name, schema) in document.Components!.Schemas ?? new Dictionary<string, IOpenApiSchema>())
            Complete((OpenApiSchema)schema, SchemaDescriptions.All.GetValueOrDefault(name));
    }

    private static void AddSecurity(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token that the policy of the app accepts. "
                    + "The app's sign-in cookie also works; actions then need the antiforgery token.",
            },
            [Antiforgery] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "RequestVerificationToken",
                Description = "From GET /antiforgery, with its cookie.",
            },
        };
        document.Security = [new OpenApiSecurityRequirement(), Needs(Bearer)];
        foreach (var (method, operation) in document.Paths.Values.SelectMany(static path => path.Operations ?? []))
        {
            var acts = method != HttpMethod.Get;
            operation.Tags = new HashSet<OpenApiTagReference> { new(acts ? Act : Read, document) };
            if (acts)
                operation.Security = [Needs(Bearer), Needs(Antiforgery)];
        }

        OpenApiSecurityRequirement Needs(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
    }

    // A value that is absent is left out, and never null.
    private static void Complete(OpenApiSchema schema, SchemaDescription? description)
    {
        if (schema.Enum is { Count: > 0 })
            schema.Type = JsonSchemaType.String;
        schema.Description = description?.Text ?? schema.Description;
        foreach (var (name, value) in schema.Properties?.ToList() ?? [])
        {
            var property = WithoutNull(value);
            if (property != value || property.Type?.HasFlag(JsonSchemaType.Null) == true)
                schema.Required?.Remove(name);
            schema.Properties![name] = property;
            var known = description is not null && description.TryGet(name, out var found) ? found : default;
            if (known.Rule is { IsRequired: true })
                (schema.Required ??= new HashSet<string>()).Add(name);
            if (property is OpenApiSchema own)
            {
                own.Type &= ~JsonSchemaType.Null;
                if (own.Type == JsonSchemaType.Integer)
                    own.Minimum = "0";
                (known.Rule ?? new()).ApplyTo(own);
                own.Description = known.Text ?? own.Description;
            }
            else if (property is OpenApiSchemaReference reference)
            {
                reference.Description = known.Text;
            }
        }
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema) =>
        schema.OneOf is [{ Type: JsonSchemaType.Null }, { } value] ? value : schema;
}
