using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

/// <summary>A page of jobs.</summary>
internal sealed record JobsDocument(IReadOnlyList<JobDocument> Jobs, string? Next, bool Partial)
{
    public static JobsDocument Of(JobListing page) => new([.. page.Jobs.Select(JobDocument.Of)], page.Next, page.IsPartial);
}

internal sealed record JobDocument(
    string Id, string Name, string State, string Queue, int Priority, DateTimeOffset? StateAt, DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, string? ErrorMessage, string? Arguments, string? Server)
{
    public static JobDocument Of(JobSummary job) => new(
        job.Id, job.Name, job.State.ToString(), job.App, job.Priority, job.StateAt, job.CreatedAt, job.StartedAt, job.CompletedAt,
        job.Error, job.Arguments, job.Server);
}
