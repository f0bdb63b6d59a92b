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

    /// <param name="operation">The id of the operation.</param>
    /// <param name="group">The operations whose examples it shares where it has none; <see langword="null"/> for none.</param>
    public static JsonNode? Request(string operation, string? group) => Find(operation, group, "request")?.DeepClone();

    /// <summary>The example of the operation, of its group, or of the problem that all operations share.</summary>
    /// <inheritdoc cref="Request" path="/param"/>
    public static JsonNode? Response(string operation, string? group, int status, bool isAction)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        var problems = Examples.Value["problems"]!;
        return (Find(operation, group, key) ?? (isAction ? problems[$"{key} action"] : null) ?? problems[key])?.DeepClone();
    }

    private static JsonNode? Find(string operation, string? group, string key) =>
        Examples.Value[operation]?[key] ?? (group is null ? null : Examples.Value[group]?[key]);
}
