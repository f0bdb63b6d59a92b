using System.Reflection;
using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Dashboard;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Asdamir.Data.HangfireJobs.Monitoring.Composition;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;
using Asdamir.Data.HangfireJobs.Monitoring.Health;
using Asdamir.Data.HangfireJobs.Monitoring.Telemetry;
using Asdamir.Data.HangfireJobs.Settings;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.HangfireJobs.Scheduling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Registers the background jobs of an app.</summary>
public static class HangfireJobsServiceCollectionExtensions
{
    /// <summary>Adds background jobs, configured by the section <c>HangfireJobs</c>, and the job types of the app's own assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The app's configuration, or its section <c>HangfireJobs</c>.</param>
    /// <returns>A builder for what the configuration cannot express. Calling it again returns the same builder.</returns>
    /// <exception cref="OptionsValidationException">Thrown when the app starts with an invalid configuration; the message names every
    /// fault.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHangfireJobsBuilder AddCoreHangfireJobs(this IServiceCollection services, IConfiguration configuration) =>
        Add(services, configuration, static _ => { }, Assembly.GetCallingAssembly());

    /// <summary>Adds background jobs, configured in code, and the job types of the app's own assembly.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder. Calling it again returns the same builder.</returns>
    /// <inheritdoc cref="AddCoreHangfireJobs(IServiceCollection, IConfiguration)" path="/exception"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHangfireJobsBuilder AddCoreHangfireJobs(this IServiceCollection services, Action<HangfireJobsOptions> configure) =>
        Add(services, new ConfigurationBuilder().Build(), configure, Assembly.GetCallingAssembly());

    /// <summary>
    /// Adds background jobs, configured by the section <c>HangfireJobs</c> and then in code, and the job types of the app's own assembly.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The app's configuration, or its section <c>HangfireJobs</c>.</param>
    /// <param name="configure">Changes the options after the configuration was read.</param>
    /// <returns>A builder. Calling it again returns the same builder.</returns>
    /// <inheritdoc cref="AddCoreHangfireJobs(IServiceCollection, IConfiguration)" path="/exception"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHangfireJobsBuilder AddCoreHangfireJobs(
        this IServiceCollection services, IConfiguration configuration, Action<HangfireJobsOptions> configure) =>
        Add(services, configuration, configure, Assembly.GetCallingAssembly());

    internal static HangfireJobsBuilder Add(
        IServiceCollection services, IConfiguration configuration, Action<HangfireJobsOptions> configure, Assembly caller)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(configure);

        var added = services.FirstOrDefault(
            static service => !service.IsKeyedService && service.ServiceType == typeof(HangfireJobsBuilder));
        if (added?.ImplementationInstance is HangfireJobsBuilder existing)
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
        services.TryAddSingleton(TimeProvider.System);
        services.AddJobOptions(Read, early);
        services.AddSingleton(static provider => AppOf(provider.GetRequiredService<HangfireJobsOptions>()));
        services.AddCatalog(builder.JobTypes);
        services.AddHangfireClients();
        services.AddStoredJobs(builder.PlainTypes);
        services.AddExecution(builder.Filters, builder.Middleware);
        services.AddScheduling(builder.AppAssembly?.GetName().Name ?? "");
        AddMonitoring(services);
        services.AddDashboard();
        services.AddWeb();
        services.AddJobServer();
        if (early.ScanEntryAssembly)
            builder.AddJobsOfApp(caller);
        return builder;
    }

    private static AppIdentity AppOf(HangfireJobsOptions options) => new(options.AppQueue, options.RecurringJobIdPrefix);

    private static void AddMonitoring(IServiceCollection services)
    {
        services.AddSingleton(provider => new SecretMask(provider.GetRequiredService<HangfireJobsOptions>().Access.MaskedKeys));
        services.AddSingleton<AuditedActions>();
        services.AddSingleton<StorageJobMonitor>();
        services.AddSingleton<IJobMonitor>(static provider => provider.GetRequiredService<StorageJobMonitor>());
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton<ServerStatus>();
        services.AddSingleton<UnservedQueues>();
        services.AddSingleton<StartDiagnosis>();
    }
}
