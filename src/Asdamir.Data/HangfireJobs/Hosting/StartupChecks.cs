using System.Runtime.CompilerServices;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Checks what needs the built container: the policies, and Hangfire's own services beside ours. Then logs in one
/// line which storage, queues and workers the app has.
/// </summary>
internal sealed partial class StartupChecks(
    HangfireJobsBuilder builder, HangfireJobsOptions options, JobRouting routing, JobCatalog catalog, AccessPolicy access,
    ILogger<StartupChecks> log)
{
    /// <exception cref="InvalidOperationException">The app has two storages, or code cannot be generated at run time.</exception>
    /// <exception cref="OptionsValidationException">A policy is unknown.</exception>
    public async Task RunAsync(IServiceProvider services)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported || !JsonSerializer.IsReflectionEnabledByDefault)
        {
            throw new InvalidOperationException(
                "The background jobs find types by reflection, which this app was published without. "
                    + "Fix: publish it with PublishAot and PublishTrimmed set to false.");
        }
        if (services.GetService<IGlobalConfiguration>() is not null)
        {
            HangfireLog.Install();
            CheckHangfiresStorage(services);
        }
        if (await access.FaultsAsync(services).ConfigureAwait(false) is { Count: > 0 } faults)
            throw new OptionsValidationException(Options.DefaultName, typeof(HangfireJobsOptions), [OptionsValidator.Message(faults)]);
        if (log.IsEnabled(LogLevel.Warning) && options.ScanEntryAssembly && catalog.Jobs.Count == 0)
            Log.NoJobs(log, string.Join(", ", builder.Searched));
    }

    public void Report(JobStorage storage, string description)
    {
        if (!log.IsEnabled(LogLevel.Information))
            return;
        var where = storage is SqlJobStorage ? $"{storage}" : description;
        var queues = string.Join(", ", routing.OwnQueues.Order(StringComparer.Ordinal));
        var who = access.ToString();
        Log.Ready(log, where, queues, options.RunServer ? options.WorkerCount : 0, catalog.Jobs.Count, who);
    }

    // The configuration callback of AddHangfire sets the storage in a static of the whole process. Another host of the
    // process, as in tests, may have replaced it since.
    private void CheckHangfiresStorage(IServiceProvider services)
    {
        if (HangfireJobsBuilder.StaticStorage is not { } current
            || ReferenceEquals(current, builder.StaticStorageBefore)
            || ReferenceEquals(current, services.GetRequiredService<JobStorage>())
            || ChosenStorage.IsOfAHost(current))
        {
            return;
        }
        var ours = services.GetRequiredService<ChosenStorage>().Description;
        throw new InvalidOperationException(
            $"AddHangfire(…) sets the storage {current.GetType().Name}, and the background jobs have another one ({ours}): "
            + "some jobs would be in the one and some in the other. Fix: take the storage out of AddHangfire(…) and hand it in with "
            + "AddCoreHangfireJobs(…).UseStorage(_ => …); Hangfire's client and server use it, too. For Hangfire's static classes add "
            + "AddHangfire((services, hangfire) => hangfire.UseStorage(services.GetRequiredService<JobStorage>())).");
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1502, Level = LogLevel.Information,
            Message = "Background jobs are ready. Storage: {Storage}. Queue: {Queues}. Workers: {Workers}. Jobs: {Jobs}. "
                + "API and dashboard: {Access}")]
        public static partial void Ready(ILogger logger, string storage, string queues, int workers, int jobs, string access);

        [LoggerMessage(
            EventId = 1503, Level = LogLevel.Warning,
            Message = "No job class was found in {Assemblies}. Fix: name the assembly with "
                + "AddCoreHangfireJobs(…).AddJobsFromAssembly(typeof(SomeJob).Assembly), or set HangfireJobs:ScanEntryAssembly to "
                + "false if this app has none")]
        public static partial void NoJobs(ILogger logger, string assemblies);
    }
}
