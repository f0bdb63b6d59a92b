using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record RecurringJobsDocument(IReadOnlyList<RecurringJobDocument> RecurringJobs);

internal sealed record RecurringJobDocument(
    string Id, string Name, string Cron, string TimeZoneId, string Queue, DateTimeOffset? NextExecution, DateTimeOffset? LastExecution,
    string? LastJobId, string? LastJobState, DateTimeOffset? LateSince, bool Paused, DateTimeOffset? PausedAt, string? PauseReason,
    string? Error, MisfirePolicy Misfire, int Priority, string? FairnessKey, string? UniqueKey, bool Declared, bool Removed,
    string? Arguments, JobPause? QueuePause)
{
    public static RecurringJobDocument Of(RecurringJobDetails job) => new(
        job.Id, job.Name, job.Cron, job.TimeZoneId, job.Queue, job.NextExecution, job.LastExecution, job.LastJobId, job.LastJobState,
        job.LateSince, job.Paused, job.PausedAt, job.PauseReason, job.Error, job.Misfire, job.Priority, job.FairnessKey, job.UniqueKey,
        job.Declared, job.Removed, job.Arguments, job.QueuePause);
}
