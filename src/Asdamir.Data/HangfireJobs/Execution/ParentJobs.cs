using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Reads the jobs that a job of a workflow has waited for.</summary>
internal static class ParentJobs
{
    public static IReadOnlyList<ParentJob> Read(JobStorage storage, string jobId) =>
        storage is IJobWorkflows workflows
            ? [.. workflows.WorkflowParents(jobId).Select(static parent => new ParentJob
            {
                JobId = parent.JobId,
                JobName = parent.Name,
                State = Enum.TryParse<JobState>(parent.State, out var state) ? state : JobState.Enqueued,
                Json = JobArguments.Json,
                OutputJson = OutputOf(JobLookup.ResultOf(parent.Result)),
            })]
            : [];

    // Of a plain Hangfire job it is the result itself.
    private static string? OutputOf(string? result)
    {
        if (result is null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(result);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("output", out var output)
                && output.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
                ? output.GetRawText()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
