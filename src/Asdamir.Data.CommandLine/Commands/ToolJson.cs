using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.HangfireJobs.Monitoring.Api;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>
/// The documents of <c>--json</c>, with the names that the JSON API uses. Characters beyond ASCII are escaped, so that a terminal that
/// shows a document is safe from its texts.
/// </summary>
[
    JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
        WriteIndented = true, NewLine = "\n", Converters = [typeof(UtcTimeConverter)])
]
[JsonSerializable(typeof(ActionDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(DiagnosisDocument))]
[JsonSerializable(typeof(JobDetailsDocument))]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(JobsDocument))]
[JsonSerializable(typeof(LimitsDocument))]
[JsonSerializable(typeof(LogLineDocument))]
[JsonSerializable(typeof(MigrationDocument))]
[JsonSerializable(typeof(PreflightDocument))]
[JsonSerializable(typeof(QueuesDocument))]
[JsonSerializable(typeof(RecurringJobsDocument))]
[JsonSerializable(typeof(ServersDocument))]
[JsonSerializable(typeof(WorkflowsDocument))]
internal sealed partial class ToolJson : JsonSerializerContext
{
    private static ToolJson? _lines;

    /// <summary>The same, each document on a line.</summary>
    public static ToolJson Lines => _lines ??= new ToolJson(new JsonSerializerOptions(Default.Options) { WriteIndented = false });

    public static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type);
}
