using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>What a server of this app consists of, on a storage that is open. Services are resolved when they are needed.</summary>
internal sealed class ServerParts(
    IServiceProvider services, HangfireJobsOptions options, JobRouting routing, IJobFilterProvider filters, TimeProvider time)
{
    public IBackgroundJobStateChanger StateChanger(JobStorage storage)
    {
        IBackgroundJobStateChanger changer = new UnloadedJobs(new BackgroundJobStateChanger(filters), routing.OwnQueues);
        // Our own storages apply the retention of failed jobs.
        return storage is SqlJobStorage ? changer : new FailedJobExpiry(changer, options.Retention.Failed);
    }

    public EnvelopePerformer Performer() => new(
        filters,
        services.GetRequiredService<IJobExecutor>(),
        new BackgroundJobPerformer(filters, services.GetRequiredService<JobActivator>(), TaskScheduler.Default));

    public AttemptParts Attempts(JobStorage storage, IBackgroundJobStateChanger changer)
    {
        var threads = services.GetRequiredService<JobThreads>();
        var stuck = ActivatorUtilities.CreateInstance<StuckAttempts>(services, storage, changer);
        return new AttemptParts(storage, new AttemptStates(storage, changer, threads, time), Performer(), stuck, threads, time);
    }

    public RecurringJobScheduler RecurringScheduler(TimeSpan pollingInterval) => new(
        new BackgroundJobFactory(filters), pollingInterval, new DefaultTimeZoneResolver(), () => time.GetUtcNow().UtcDateTime);
}
