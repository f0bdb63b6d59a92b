using System.Globalization;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace Asdamir.Data.Tests.Monitoring.OpenApi;

/// <summary>The API's own description, as an app serves it, and what it says of an answer.</summary>
internal sealed class Description
{
    private static readonly string[] OwnHeaders =
    [
        "X-Total-Count", "X-Total-Limit", "X-Scan-Limit", "Link", "ETag", "Retry-After", "Location", "Allow"
    ];

    private readonly JsonNode _document;
    private readonly Dictionary<string, JsonSchema> _schemas = [];
    private readonly HashSet<string> _seen = [];

    private Description(string json) => (Json, _document) = (json, JsonNode.Parse(json)!);

    public string Json { get; }

    /// <summary>Method and path of each route.</summary>
    public IEnumerable<(string Method, string Path)> Routes =>
        _document["paths"]!.AsObject()
            .SelectMany(static path => path.Value!.AsObject().Select(operation => (operation.Key.ToUpperInvariant(), path.Key)));

    /// <summary>Every answer that is described: route and status.</summary>
    public IEnumerable<string> Answers =>
        Routes.SelectMany(route =>
            Operation(route.Method, route.Path)["responses"]!.AsObject().Select(response => $"{route.Method} {route.Path} {response.Key}"));

    /// <summary>Those of them that a test has checked.</summary>
    public IEnumerable<string> Seen => _seen;

    public static async Task<Description> OfAsync(WebHost app, params (string, string)[] headers) =>
        new((await app.AskAsync("/openapi.json", headers)).Body);

    public bool Describes(string method, string path, int status) => Operation(method, path)["responses"]![$"{status}"] is not null;

    /// <summary>Asserts that the answer is as described: status, headers and body.</summary>
    public void Check(string method, string path, Answer answer)
    {
        var what = $"{method} {path} {(int)answer.Status}";
        var response = Resolve(Operation(method, path)["responses"]![$"{(int)answer.Status}"])
            ?? throw new InvalidOperationException($"{what} is not described: {answer.Body}");
        CheckHeaders(what, response["headers"]?.AsObject() ?? [], answer);
        if (response["content"]?.AsObject() is not { } content)
            Assert.Equal((what, ""), (what, answer.Body));
        else
        {
            Assert.True(content.ContainsKey(answer.ContentType ?? ""), $"{what} is {answer.ContentType}, which is not described");
            AssertValid(what, content[answer.ContentType!]!["schema"]!, answer.Body);
        }
        _seen.Add(what);
    }

    /// <summary>All examples with their schemas.</summary>
    public IEnumerable<(string Where, JsonNode Schema, string Example)> Examples()
    {
        foreach (var (method, path) in Routes)
        {
            var operation = Operation(method, path);
            if (operation["requestBody"]?["content"]?["application/json"] is { } body)
                yield return ($"{method} {path}", body["schema"]!, body["example"]!.ToJsonString());
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                foreach (var (media, content) in Resolve(response)!["content"]?.AsObject() ?? [])
                {
                    if (content!["example"] is { } example)
                        yield return ($"{method} {path} {status} {media}", content["schema"]!, example.ToJsonString());
                    else
                        Assert.Equal("/openapi.json", path);
                }
            }
        }
    }

    public void AssertValid(string what, JsonNode schema, string json)
    {
        var key = schema.ToJsonString();
        if (!_schemas.TryGetValue(key, out var known))
            _schemas[key] = known = Compile(key);
        var faults = known.Validate($$"""{"answer":{{json}}}""");
        Assert.True(
            faults.Count == 0,
            $"{what} is not as described: {string.Join("; ", faults.Select(static fault => $"{fault.Kind} at {fault.Path}"))}: {json}");
    }

    private static void CheckHeaders(string what, JsonObject described, Answer answer)
    {
        foreach (var (name, header) in described)
        {
            var value = answer.Header(name);
            Assert.True(value is not null || header!["required"]?.GetValue<bool>() != true, $"{what} lacks the header {name}");
            if (value is not null && header!["schema"]!["type"]!.GetValue<string>() == "integer")
            {
                Assert.True(
                    int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
                    $"{what} has {name}: {value}, which is no number");
            }
        }
        Assert.All(OwnHeaders.Where(name => answer.Header(name) is not null), name =>
            Assert.True(described.ContainsKey(name), $"{what} has the header {name}, which is not described"));
    }

    // As a separate schema, in which the components are definitions.
    private JsonSchema Compile(string schema)
    {
        var definitions = _document["components"]!["schemas"]!.ToJsonString();
        var json = $$"""{"type":"object","required":["answer"],"properties":{"answer":{{schema}}},"definitions":{{definitions}}}""";
        return JsonSchema.FromJsonAsync(json.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal)).GetAwaiter()
            .GetResult();
    }

    private JsonNode Operation(string method, string path) =>
        _document["paths"]![path]?[method.ToLowerInvariant()] ?? throw new InvalidOperationException($"{method} {path} is not described.");

    private JsonNode? Resolve(JsonNode? node) =>
        node?["$ref"] is { } reference
            ? reference.GetValue<string>().TrimStart('#', '/').Split('/').Aggregate(_document, static (parent, name) => parent[name]!)
            : node;
}
