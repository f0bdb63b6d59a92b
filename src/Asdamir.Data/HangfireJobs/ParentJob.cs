using System.Text.Json;

namespace Asdamir.Data.HangfireJobs;

/// <summary>A job for which a job of a workflow has waited, see <see cref="IJobContext.Parents"/>.</summary>
public sealed record ParentJob
{
    /// <summary>The id of the job.</summary>
    public required string JobId { get; init; }

    /// <summary>The name of its job type.</summary>
    public required string JobName { get; init; }

    /// <summary>How it has ended; or what it is, when it was requeued since then.</summary>
    public required JobState State { get; init; }

    /// <summary>
    /// The output of <see cref="JobResult.Success"/> as JSON; <see langword="null"/> when it has none, or has not succeeded.
    /// </summary>
    public string? OutputJson { get; init; }

    // As the output was written.
    internal JsonSerializerOptions Json { get; init; } = JsonSerializerOptions.Web;

    /// <summary>Reads the output.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>The output; the default value of the type when there is none.</returns>
    /// <exception cref="JsonException">The output has another form.</exception>
    public T? Output<T>() => OutputJson is null ? default : JsonSerializer.Deserialize<T>(OutputJson, Json);
}
