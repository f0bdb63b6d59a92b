using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>This app's recurring jobs by the ids it uses for them. Entries of other apps cannot be reached.</summary>
internal sealed class OwnRecurringJobs(RecurringJobs recurring, JobRouting routing, HangfireJobsOptions settings, TimeProvider time)
{
    /// <param name="jobType">The job type.</param>
    /// <param name="argsJson">The arguments of each job, or empty.</param>
    /// <param name="cron">The expression.</param>
    /// <param name="options">What else the entry has.</param>
    /// <returns>The stored id.</returns>
    /// <exception cref="ArgumentException">The id, the expression or the time zone is invalid.</exception>
    /// <exception cref="InvalidOperationException">The id belongs to another app.</exception>
    public string AddOrUpdate(JobDescriptor jobType, byte[] argsJson, string cron, RecurringOptions options)
    {
        ArgumentNullException.ThrowIfNull(cron);
        if (options.TimeZone is null)
        {
            throw new ArgumentNullException(
                nameof(options),
                $"{nameof(RecurringOptions.TimeZone)} is null. Fix: set an IANA id such as Europe/Berlin, or leave it out for UTC.");
        }
        if (!Enum.IsDefined(options.Misfire))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Misfire,
                $"{nameof(RecurringOptions.Misfire)} must be one of {string.Join(", ", Enum.GetNames<MisfirePolicy>())}.");
        }
        var place = new RequestedPlace(jobType, options.Priority, options.FairnessKey, nameof(options));
        var storedId = routing.StoredRecurringId(options.Id ?? jobType.Name, nameof(options));
        if (CronSchedule.FaultOf(options.TimeZone) is { } zoneFault)
            throw new ArgumentException($"Recurring job '{storedId}': {zoneFault}.", nameof(options));
        var schedule = CronSchedule.TryCreate(cron, options.TimeZone, time.GetUtcNow(), out var fault)
            ?? throw new ArgumentException($"Recurring job '{storedId}': {fault}.", nameof(cron));
        if (recurring.Read(storedId) is { } existing && !routing.Owns(existing.Queue))
        {
            throw new InvalidOperationException(
                $"Recurring job '{storedId}' belongs to the app on queue '{existing.Queue}'. Fix: give this app another "
                + $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.RecurringJobIdPrefix)}, or, "
                + "if this app used that queue before, remove the old entry first.");
        }
        // A schedule outlives the trace and the context of the call that wrote it.
        var envelope = JobEnvelope.Wrap(jobType.Name, JobPayload.Write(argsJson, trace: null), routing.StoredQueueOf(jobType));
        recurring.AddOrUpdate(storedId, envelope, schedule, options.Misfire, Given(jobType, argsJson, place));
        return storedId;
    }

    public bool Remove(string id) => Find(id) is { } entry && recurring.Remove(entry.StoredId);

    public string? Trigger(string id) => Find(id) is { } entry ? recurring.Trigger(entry.StoredId, "Triggered by the app") : null;

    public bool Pause(string id, string? reason) => Find(id) is { } entry && recurring.Pause(entry.StoredId, reason);

    public bool Resume(string id) => Find(id) is { } entry && recurring.Resume(entry.StoredId);

    // What each of its jobs gets beside its arguments.
    private GivenParameters Given(JobDescriptor jobType, byte[] argsJson, RequestedPlace place)
    {
        var given = place.Parameters(settings.PriorityAging, argsJson);
        if (RequestedKeys.UniqueOf(jobType, routing.QueueOf(jobType), argsJson) is { } key)
            given = given.Append((JobKeys.UniqueParameter, key));
        return new GivenParameters(
            given.ToDictionary(
                static parameter => parameter.Name,
                static parameter => SerializationHelper.Serialize(parameter.Value, SerializationOption.User)));
    }

    private RecurringJobRecord? Find(string id) =>
        recurring.Read(routing.StoredRecurringId(id)) is { } entry && routing.Owns(entry.Queue) ? entry : null;
}
