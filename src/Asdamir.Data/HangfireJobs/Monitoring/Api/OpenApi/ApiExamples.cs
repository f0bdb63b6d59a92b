using System.Globalization;
using System.Text.Json.Nodes;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>The examples of the document, by operation and status. A test validates each against its schema.</summary>
internal static class ApiExamples
{
    private static readonly Lazy<JsonNode> Examples = new(static () =>
    {
        using var stream = typeof(ApiExamples).Assembly.GetManifestResourceStream($"{typeof(ApiExamples).Namespace}.examples.json")!;
        return JsonNode.Parse(stream)!;
    });

    public static JsonNode? Request(string operation) => Examples.Value[operation]?["request"]?.DeepClone();

    /// <summary>The example of the operation, or of the problem that all operations share.</summary>
    public static JsonNode? Response(string operation, int status, bool isAction)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        var problems = Examples.Value["problems"]!;
        return (Examples.Value[operation]?[key] ?? (isAction ? problems[$"{key} action"] : null) ?? problems[key])?.DeepClone();
    }
}
