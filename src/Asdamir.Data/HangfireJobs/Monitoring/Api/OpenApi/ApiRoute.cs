using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>Describes one endpoint of the API, in its own document and in those of the host.</summary>
internal sealed class ApiRoute
{
    private readonly RouteHandlerBuilder _endpoint;
    private readonly string _id;
    private readonly List<ApiParameter> _parameters = [];
    private readonly Dictionary<int, (string Text, ApiHeader[] Headers)> _responses = [];
    private RequestShape? _request;
    private string? _group;

    public ApiRoute(RouteHandlerBuilder endpoint, string id, string summary)
    {
        _id = id;
        _endpoint = endpoint.WithSummary(summary).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            Describe(operation);
            return Task.CompletedTask;
        });
        Fails(StatusCodes.Status401Unauthorized, "The user is not signed in.");
        Fails(StatusCodes.Status403Forbidden, "The user may not read, or may read but not act.");
        Fails(
            StatusCodes.Status429TooManyRequests, "Too many requests or actions in a minute.",
            new ApiHeader("Retry-After", "The number of seconds after which to try again.", true, JsonSchemaType.Integer));
    }

    public ApiRoute Details(string text)
    {
        _endpoint.WithDescription(text);
        return this;
    }

    /// <summary>Shows the examples of a group of operations where it has none.</summary>
    public ApiRoute ExamplesOf(string group)
    {
        _group = group;
        return this;
    }

    public ApiRoute With(params ApiParameter[] parameters)
    {
        _parameters.AddRange(parameters);
        return this;
    }

    public ApiRoute Takes<TRequest>(bool isOptional)
    {
        _request = new RequestShape(typeof(TRequest), isOptional);
        _endpoint.WithMetadata(_request);
        return this;
    }

    public ApiRoute Returns<TResponse>(string text = "The response.", int status = StatusCodes.Status200OK, params ApiHeader[] headers)
    {
        _endpoint.Produces<TResponse>(status, "application/json");
        _responses[status] = (text, headers);
        return this;
    }

    public ApiRoute Returns(string text, int status, params ApiHeader[] headers)
    {
        _endpoint.Produces(status);
        _responses[status] = (text, headers);
        return this;
    }

    /// <summary>Refuses invalid parameters.</summary>
    public ApiRoute Validates() => Fails(StatusCodes.Status400BadRequest, "A parameter is invalid; the response names it.");

    public ApiRoute MayNotFind() =>
        Fails(StatusCodes.Status404NotFound, "This app has no such job, recurring job, queue, limit, workflow or operation.");

    public ApiRoute MayConflict() => Fails(StatusCodes.Status409Conflict, "The action was refused because of the current state.");

    /// <summary>Reads or changes the job storage, which may not respond.</summary>
    public ApiRoute UsesStorage() => Fails(StatusCodes.Status503ServiceUnavailable, "The job storage or the audit did not respond.");

    public ApiRoute Acts() =>
        UsesStorage()
            .Fails(
                StatusCodes.Status400BadRequest,
                "The request is invalid and the response names the parameter; or the antiforgery token is missing.");

    private ApiRoute Fails(int status, string text, params ApiHeader[] headers)
    {
        _endpoint.Produces<Problem>(status, "application/problem+json");
        _responses[status] = (text, headers);
        return this;
    }

    private void Describe(OpenApiOperation operation)
    {
        operation.OperationId = _id;
        operation.Parameters = _parameters.Count == 0 ? null : [.. _parameters.Select(static parameter => parameter.Describe())];
        if (_request is not null)
            operation.RequestBody = Body(operation, _request);
        foreach (var (status, (text, headers)) in _responses)
        {
            var response = (OpenApiResponse)operation.Responses![status.ToString(CultureInfo.InvariantCulture)];
            response.Description = text;
            if (headers.Length > 0)
                response.Headers = headers.ToDictionary(static header => header.Name, static header => (IOpenApiHeader)header.Describe());
            if (response.Content is { } content)
                SetExample(content, ApiExamples.Response(_id, _group, status, _request is not null));
        }
    }

    // A document of the host does not know the shape of the body.
    private OpenApiRequestBody Body(OpenApiOperation operation, RequestShape request)
    {
        var body = operation.RequestBody as OpenApiRequestBody ?? new OpenApiRequestBody
        {
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [RequestShape.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } },
            },
        };
        body.Required = !request.IsOptional;
        SetExample(body.Content!, ApiExamples.Request(_id, _group));
        return body;
    }

    private static void SetExample(IDictionary<string, OpenApiMediaType> content, JsonNode? example)
    {
        foreach (var media in content.Values)
            media.Example = example;
    }
}
