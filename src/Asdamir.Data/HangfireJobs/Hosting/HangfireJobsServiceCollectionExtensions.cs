using System.Reflection;
using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Dashboard;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Asdamir.Data.HangfireJobs.Monitoring.Health;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.Monitoring.Telemetry;
using Asdamir.Data.HangfireJobs.Settings;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.HangfireJobs.Scheduling;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Registers the background jobs of an app.</summary>
public static class HangfireJobsServiceCollectionExtensions
{
    // What AddHangfire registers and we do, too.
    private static readonly HashSet<Type> Replaced =
    [
        typeof(JobStorage), typeof(JobActivator), typeof(IJobFilterProvider),
        typeof(IBackgroundJobClient), typeof(IBackgroundJobClientV2), typeof(IBackgroundJobClientFactory),
        typeof(IRecurringJobManager), typeof(IRecurringJobManagerV2), typeof(IRecurringJobManagerFactory),
    ];

    /// <summary>Adds background jobs, configured by the section <c>HangfireJobs</c>, and the job classes of the app's own assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The app's configuration, or its section <c>HangfireJobs</c>.</param>
    /// <returns>A builder for what goes beyond the configuration. Calling it again returns the same builder.</returns>
    /// <exception cref="OptionsValidationException">Thrown when the app starts and anything is misconfigured; names every fault.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHangfireJobsBuilder AddCoreHangfireJobs(this IServiceCollection services, IConfiguration configuration) =>
        Add(services, configuration, static _ => { }, Assembly.GetCallingAssembly());

    /// <summary>Adds background jobs, configured in code, and the job classes of the app's own assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder. Calling it again returns the same builder.</returns>
    /// <inheritdoc cref="AddCoreHangfireJobs(IServiceCollection, IConfiguration)" path="/exception"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHangfireJobsBuilder AddCoreHangfireJobs(this IServiceCollection services, Action<HangfireJobsOptions> configure) =>
        Add(services, new ConfigurationBuilder().Build(), configure, Assembly.GetCallingAssembly());

    /// <summary>Adds background jobs, configured by the section <c>HangfireJobs</c> and then in code, and the job classes of the app's own assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The app's configuration, or its section <c>HangfireJobs</c>.</param>
    /// <param name="configure">Changes the options after the configuration was read.</param>
    /// <returns>A builder. Calling it again returns the same builder.</returns>
    /// <inheritdoc cref="AddCoreHangfireJobs(IServiceCollection, IConfiguration)" path="/exception"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHangfireJobsBuilder AddCoreHangfireJobs(
        this IServiceCollection services, IConfiguration configuration, Action<HangfireJobsOptions> configure) =>
        Add(services, configuration, configure, Assembly.GetCallingAssembly());

    internal static HangfireJobsBuilder Add(IServiceCollection services, IConfiguration configuration, Action<HangfireJobsOptions> configure, Assembly caller)
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
        if (early.ScanEntryAssembly)
            builder.AddJobsOfApp(caller);
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
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<UnknownJobs>();
        services.AddSingleton(provider => new AppIdentity(
            provider.GetRequiredService<HangfireJobsOptions>().AppQueue,
            provider.GetRequiredService<HangfireJobsOptions>().RecurringJobIdPrefix));
        services.AddSingleton(provider => JobCatalog.Build(provider.GetRequiredService<HangfireJobsBuilder>().JobTypes, []));
        services.AddSingleton<JobRouting>();
        services.AddSingleton(provider => new JobLoader(provider.GetRequiredService<HangfireJobsBuilder>().PlainTypes));
        services.AddSingleton<JobTransitions>();
        services.AddSingleton<JobLookup>();
        services.AddSingleton<RecurringJobs>();
        services.AddSingleton(provider => new RetryPolicy(
            provider.GetRequiredService<HangfireJobsOptions>().Retry, provider.GetRequiredService<ILogger<RetryFilter>>()));
        services.AddSingleton<ExclusiveJobs>();
        services.AddSingleton<IJobExecutor, JobExecutor>();
        services.AddSingleton<OwnRecurringJobs>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DeclaredRecurringJobs>(
            provider, provider.GetRequiredService<HangfireJobsBuilder>().AppAssembly?.GetName().Name ?? ""));
        services.AddSingleton<RecurringJobMonitor>();
        services.AddSingleton<IHangfireJobService, HangfireJobService>();
        AddMonitoring(services);
        services.AddSingleton<AccessPolicy>();
        services.AddSingleton<JobMappings>();
        services.AddSingleton<StorageInitializer>();
        services.AddSingleton<StartUpChecks>();
        services.AddSingleton<ServerStatus>();
        services.AddSingleton<OutageLog>();
        services.AddSingleton<UnservedQueues>();
        services.AddSingleton<PlainQueues>();
        services.AddHostedService<JobServer>();
    }

    private static void AddMonitoring(IServiceCollection services)
    {
        services.AddSingleton(provider => new SecretMask(provider.GetRequiredService<HangfireJobsOptions>().Access.MaskedKeys));
        services.AddSingleton<StatisticsReader>();
        services.AddSingleton<JobListReader>();
        services.AddSingleton<JobDetailsReader>();
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
        services.AddSingleton<QueueMetrics>();
    }

    /// <summary>
    /// Hangfire's services, all from this container. Not with Hangfire's AddHangfire: it sets statics, which tie
    /// every host of the process to the one that came last.
    /// </summary>
    private static void AddHangfire(IServiceCollection services)
    {
        RemoveHangfiresOwn(services);
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<HangfireJobsOptions>();
            var folder = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
            return new ChosenStorage(() => StorageFactory.Create(options, folder), StorageFactory.Describe(options.Storage, folder));
        });
        // What an app enqueues while a tool looks at it is not kept.
        services.TryAddSingleton(provider => BuildTool.Runs(provider) ? new InMemoryStorage() : provider.GetRequiredService<ChosenStorage>().CreateFor(provider.GetRequiredService<JobLoader>()));
        services.AddSingleton(provider => new AppFilters(provider.GetRequiredService<HangfireJobsBuilder>().Filters.Select(create => create(provider))));
        services.AddSingleton<IJobFilterProvider>(provider =>
        {
            var options = provider.GetRequiredService<HangfireJobsOptions>();
            return Filters(
                options, provider.GetRequiredService<JobCatalog>(), provider.GetRequiredService<JobLoader>(), provider.GetRequiredService<JobRouting>(),
                provider.GetRequiredService<RetryPolicy>(), provider.GetRequiredService<PlainQueues>(), provider.GetRequiredService<AppFilters>, provider.GetRequiredService<UnknownJobs>(),
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<JobActivator, ScopedJobActivator>();
        services.TryAddSingleton<IBackgroundJobClientV2>(provider => new BackgroundJobClient(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        services.TryAddSingleton<IBackgroundJobClient>(provider => provider.GetRequiredService<IBackgroundJobClientV2>());
        services.TryAddSingleton<IRecurringJobManagerV2>(provider => new RecurringJobManager(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        services.TryAddSingleton<IRecurringJobManager>(provider => provider.GetRequiredService<IRecurringJobManagerV2>());
        AddWeb(services);
        services.AddSingleton<DashboardClientFactory>();
        services.AddSingleton<IBackgroundJobClientFactory>(provider => provider.GetRequiredService<DashboardClientFactory>());
        services.AddSingleton<IRecurringJobManagerFactory>(provider => provider.GetRequiredService<DashboardClientFactory>());
    }

    /// <summary>What only API and dashboard need. A worker without a web server lacks what they need, and creates no keys for cookies.</summary>
    private static void AddWeb(IServiceCollection services)
    {
        if (!services.Any(static service => service.ServiceType == typeof(IWebHostEnvironment)))
            return;
        services.AddAuthorization();
        services.AddSingleton<AccessFilter>();
        services.AddAntiforgery();
        // The framework's default sends the cookie over plain HTTP, too, when the app is served over HTTPS.
        services.Configure<AntiforgeryOptions>(static antiforgery =>
        {
            if (antiforgery.Cookie.SecurePolicy == CookieSecurePolicy.None)
                antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    /// <summary>
    /// Takes away what AddHangfire registered before us: its services would wait for ours, and ours for its. Called after us, it
    /// leaves alone what is there.
    /// </summary>
    private static void RemoveHangfiresOwn(IServiceCollection services)
    {
        foreach (var own in services.Where(static service => !service.IsKeyedService
            && Replaced.Contains(service.ServiceType)
            && service.ImplementationFactory?.Method.DeclaringType?.Assembly == typeof(IBackgroundJobClientFactory).Assembly).ToList())
        {
            services.Remove(own);
        }
    }

    internal static EnvelopeFilterProvider Filters(
        HangfireJobsOptions options, JobCatalog catalog, JobLoader loader, JobRouting routing, RetryPolicy retry,
        PlainQueues plain, Func<AppFilters> added, UnknownJobs? unknown, TimeProvider time) =>
        new(
            catalog, loader, routing.OwnQueues, retry, new WorkerFilter(catalog, loader, routing.OwnQueues, options.MaxDeliveries, unknown, time),
            new JobLifecycle(options.Retention), new ThroughputFilter(time), plain, added);
}
