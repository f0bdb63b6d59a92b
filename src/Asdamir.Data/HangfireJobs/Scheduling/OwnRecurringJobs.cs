using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>This app's recurring jobs by the ids it uses for them. Entries of other apps cannot be reached, whatever their id.</summary>
internal sealed class OwnRecurringJobs(RecurringJobs recurring, JobRouting routing, TimeProvider time)
{
    /// <param name="job">The job.</param>
    /// <param name="argsJson">Its arguments, or empty.</param>
    /// <param name="cron">The expression.</param>
    /// <param name="id">The app's id for it; <see langword="null"/> for the job's name.</param>
    /// <param name="timeZone">An IANA id.</param>
    /// <param name="misfire">The policy.</param>
    /// <returns>The stored id.</returns>
    /// <exception cref="ArgumentException">The id, the expression or the time zone is invalid.</exception>
    /// <exception cref="InvalidOperationException">The id belongs to another app.</exception>
    public string AddOrUpdate(JobDescriptor job, byte[] argsJson, string cron, string? id, string timeZone, MisfirePolicy misfire)
    {
        ArgumentNullException.ThrowIfNull(cron);
        ArgumentNullException.ThrowIfNull(timeZone);
        if (!Enum.IsDefined(misfire))
            throw new ArgumentOutOfRangeException(nameof(misfire), misfire, $"The policy must be one of {string.Join(", ", Enum.GetNames<MisfirePolicy>())}.");
        var storedId = routing.StoredRecurringId(id ?? job.Name);
        if (CronSchedule.FaultOf(timeZone) is { } zoneFault)
            throw new ArgumentException($"Recurring job '{storedId}': {zoneFault}.", nameof(timeZone));
        var schedule = CronSchedule.TryCreate(cron, timeZone, time.GetUtcNow(), out var fault)
            ?? throw new ArgumentException($"Recurring job '{storedId}': {fault}.", nameof(cron));
        if (recurring.Read(storedId) is { } existing && !routing.Owns(existing.Queue))
        {
            throw new InvalidOperationException(
                $"Recurring job '{storedId}' belongs to the app on queue '{existing.Queue}'. Fix: give this app a {HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.RecurringJobIdPrefix)} of its own, or, if this app used that queue before, remove the old entry first.");
        }
        // A schedule outlives the trace of whoever wrote it.
        recurring.AddOrUpdate(storedId, JobEnvelope.Wrap(job.Name, JobPayload.Write(argsJson, trace: null), routing.StoredQueueOf(job)), schedule, misfire);
        return storedId;
    }

    public bool Remove(string id) => Find(id) is { } entry && recurring.Remove(entry.StoredId);

    public string? Trigger(string id) => Find(id) is { } entry ? recurring.Trigger(entry.StoredId, "Triggered by the app") : null;

    public bool Pause(string id, string? reason) => Find(id) is { } entry && recurring.Pause(entry.StoredId, reason);

    public bool Resume(string id) => Find(id) is { } entry && recurring.Resume(entry.StoredId);

    private RecurringJobRecord? Find(string id) =>
        recurring.Read(routing.StoredRecurringId(id)) is { } entry && routing.Owns(entry.Queue) ? entry : null;
}
