using System.Reflection;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Dashboard;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.Monitoring.Telemetry;
using Asdamir.Data.HangfireJobs.Runs;
using Asdamir.Data.HangfireJobs.Scheduling;
using Hangfire;
using Hangfire.Common;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Registers the background jobs of an app.</summary>
public static class HangfireJobsServiceCollectionExtensions
{
    /// <summary>Adds background jobs, configured by the section <c>HangfireJobs</c>, and the job classes of the entry assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The app's configuration, or its section <c>HangfireJobs</c>.</param>
    /// <returns>A builder for what goes beyond the configuration. Calling it again returns the same builder.</returns>
    /// <exception cref="OptionsValidationException">Thrown when the app starts and anything is misconfigured; names every fault.</exception>
    public static IHangfireJobsBuilder AddCoreHangfireJobs(this IServiceCollection services, IConfiguration configuration) =>
        services.AddCoreHangfireJobs(configuration, static _ => { });

    /// <summary>Adds background jobs, configured in code, and the job classes of the entry assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder. Calling it again returns the same builder.</returns>
    /// <inheritdoc cref="AddCoreHangfireJobs(IServiceCollection, IConfiguration)" path="/exception"/>
    public static IHangfireJobsBuilder AddCoreHangfireJobs(this IServiceCollection services, Action<HangfireJobsOptions> configure) =>
        services.AddCoreHangfireJobs(new ConfigurationBuilder().Build(), configure);

    /// <summary>Adds background jobs, configured by the section <c>HangfireJobs</c> and then in code, and the job classes of the entry assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The app's configuration, or its section <c>HangfireJobs</c>.</param>
    /// <param name="configure">Changes the options after the configuration was read.</param>
    /// <returns>A builder. Calling it again returns the same builder.</returns>
    /// <inheritdoc cref="AddCoreHangfireJobs(IServiceCollection, IConfiguration)" path="/exception"/>
    public static IHangfireJobsBuilder AddCoreHangfireJobs(
        this IServiceCollection services, IConfiguration configuration, Action<HangfireJobsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(configure);

        if (services.Select(service => service.ImplementationInstance).OfType<HangfireJobsBuilder>().FirstOrDefault() is { } existing)
            return existing;

        HangfireLog.Install();
        var builder = new HangfireJobsBuilder(services);
        var section = configuration as IConfigurationSection is { Key: HangfireJobsOptions.SectionName } own
            ? own
            : configuration.GetSection(HangfireJobsOptions.SectionName);
        void Read(HangfireJobsOptions options)
        {
            builder.Faults.Clear();
            OptionsReader.Read(section, options, builder.Faults);
            configure(options);
        }
        var early = new HangfireJobsOptions();
        Read(early);

        services.AddSingleton(builder);
        AddOptions(services, Read, early);
        AddCore(services);
        AddHangfire(services);
        if (early.ScanEntryAssembly && Assembly.GetEntryAssembly() is { } entryAssembly)
            builder.AddJobsFromAssembly(entryAssembly);
        return builder;
    }

    private static void AddOptions(IServiceCollection services, Action<HangfireJobsOptions> read, HangfireJobsOptions early)
    {
        services.AddSingleton<IValidateOptions<HangfireJobsOptions>, OptionsValidator>();
        services.AddOptions<HangfireJobsOptions>().Configure(read).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<HangfireJobsOptions>>().Value);
        // The host must not give up before the jobs had the time that was promised to them.
        services.PostConfigure<HostOptions>(host =>
        {
            var needed = early.StopTimeout + early.ShutdownTimeout + TimeSpan.FromSeconds(5);
            if (host.ShutdownTimeout < needed)
                host.ShutdownTimeout = needed;
        });
    }

    private static void AddCore(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<RunMetrics>();
        services.AddSingleton(provider => new AppIdentity(
            provider.GetRequiredService<HangfireJobsOptions>().AppQueue,
            provider.GetRequiredService<HangfireJobsOptions>().RecurringJobIdPrefix));
        services.AddSingleton(provider => JobCatalog.Build(provider.GetRequiredService<HangfireJobsBuilder>().JobTypes, []));
        services.AddSingleton<RunRouting>();
        services.AddSingleton<RunMoves>();
        services.AddSingleton<RunLookup>();
        services.AddSingleton<RecurringJobs>();
        services.AddSingleton(provider => new RetryPolicy(provider.GetRequiredService<HangfireJobsOptions>().Retry));
        services.AddSingleton<ExclusiveRuns>();
        services.AddSingleton<IRunExecutor, RunExecutor>();
        services.AddSingleton<OwnRecurringJobs>();
        services.AddSingleton<DeclaredRecurringJobs>();
        services.AddSingleton<RecurringJobWatch>();
        services.AddSingleton<IHangfireJobService, HangfireJobService>();
        AddMonitoring(services);
        services.AddSingleton<AccessRule>();
        services.AddSingleton<StorageOpener>();
        services.AddHostedService<JobServer>();
    }

    private static void AddMonitoring(IServiceCollection services)
    {
        services.AddSingleton<StatisticsReader>();
        services.AddSingleton<RunsReader>();
        services.AddSingleton<RunDetailsReader>();
        services.AddSingleton<RecurringJobsReader>();
        services.AddSingleton<QueuesReader>();
        services.AddSingleton<ServersReader>();
        services.AddSingleton<HistoryReader>();
        services.AddSingleton<FailuresReader>();
        services.AddSingleton<AppScope>();
        services.AddSingleton<RequeueAction>();
        services.AddSingleton<DeleteAction>();
        services.AddSingleton<TriggerAction>();
        services.AddSingleton<PauseAction>();
        services.AddSingleton<ResumeAction>();
        services.AddSingleton<AuditedActions>();
        services.AddSingleton<Operations>();
        services.AddSingleton<ApiGuard>();
        services.AddSingleton<QueueMetrics>();
    }

    /// <summary>
    /// Hangfire's services, all from this container. Not with Hangfire's AddHangfire: it sets statics, which tie
    /// every host of the process to the one that came last.
    /// </summary>
    private static void AddHangfire(IServiceCollection services)
    {
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<HangfireJobsOptions>();
            var folder = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
            return provider.GetRequiredService<StorageOpener>().Open(
                () => StorageChoice.Create(options, folder), StorageChoice.Describe(options.Storage, folder));
        });
        services.AddSingleton<IJobFilterProvider>(provider =>
        {
            var options = provider.GetRequiredService<HangfireJobsOptions>();
            return Filters(
                options, provider.GetRequiredService<JobCatalog>(), provider.GetRequiredService<RunRouting>(), provider.GetRequiredService<RetryPolicy>(), provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<JobActivator, RunActivator>();
        services.TryAddSingleton<IBackgroundJobClientV2>(provider => new BackgroundJobClient(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        services.TryAddSingleton<IBackgroundJobClient>(provider => provider.GetRequiredService<IBackgroundJobClientV2>());
        services.TryAddSingleton<IRecurringJobManagerV2>(provider => new RecurringJobManager(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        services.TryAddSingleton<IRecurringJobManager>(provider => provider.GetRequiredService<IRecurringJobManagerV2>());
        services.AddAntiforgery();
        // The framework's default sends the cookie over plain HTTP, too, when the app is served over HTTPS.
        services.Configure<AntiforgeryOptions>(static antiforgery =>
        {
            if (antiforgery.Cookie.SecurePolicy == CookieSecurePolicy.None)
                antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthorization();
        services.AddSingleton<DashboardClientFactory>();
        services.AddSingleton<IBackgroundJobClientFactory>(provider => provider.GetRequiredService<DashboardClientFactory>());
        services.AddSingleton<IRecurringJobManagerFactory>(provider => provider.GetRequiredService<DashboardClientFactory>());
    }

    internal static EnvelopeFilterProvider Filters(HangfireJobsOptions options, JobCatalog catalog, RunRouting routing, RetryPolicy retry, TimeProvider time) =>
        new(catalog, retry, new WorkerGuard(catalog, routing.OwnQueues, options.MaxDeliveries, time), new RunLifecycle(options.Retention), new ThroughputFilter(time));
}
