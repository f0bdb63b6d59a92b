using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Hangfire's storage and clients. Hangfire's own <c>AddHangfire</c> is not used, because it sets statics, which tie every host of the
/// process to the one that was configured last.
/// </summary>
internal static class HangfireServices
{
    // AddHangfire registers these services, too.
    private static readonly HashSet<Type> Replaced =
    [
        typeof(JobStorage), typeof(JobActivator), typeof(IJobFilterProvider),
        typeof(IBackgroundJobClient), typeof(IBackgroundJobClientV2), typeof(IBackgroundJobClientFactory),
        typeof(IRecurringJobManager), typeof(IRecurringJobManagerV2), typeof(IRecurringJobManagerFactory),
    ];

    public static void AddHangfireClients(this IServiceCollection services)
    {
        RemoveServicesOfAddHangfire(services);
        services.AddSingleton(static provider =>
        {
            var options = provider.GetRequiredService<HangfireJobsOptions>();
            var folder = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
            return new ChosenStorage(() => StorageFactory.Create(options, folder), StorageFactory.Describe(options.Storage, folder));
        });
        // A build tool that starts the app must not leave jobs in its storage.
        services.TryAddSingleton(static provider => BuildTool.Runs(provider)
            ? new InMemoryStorage()
            : provider.GetRequiredService<ChosenStorage>().CreateFor(provider.GetRequiredService<JobLoader>()));
        services.TryAddSingleton<IBackgroundJobClientV2>(static provider => new BackgroundJobClient(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        services.TryAddSingleton<IBackgroundJobClient>(static provider => provider.GetRequiredService<IBackgroundJobClientV2>());
        services.TryAddSingleton<IRecurringJobManagerV2>(static provider => new RecurringJobManager(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        services.TryAddSingleton<IRecurringJobManager>(static provider => provider.GetRequiredService<IRecurringJobManagerV2>());
    }

    /// <summary>
    /// Removes what an earlier call of AddHangfire registered: its services would wait for ours, and ours for its. A later call keeps ours.
    /// </summary>
    private static void RemoveServicesOfAddHangfire(IServiceCollection services)
    {
        var owner = typeof(IBackgroundJobClientFactory).Assembly;
        var replaced = services.Where(static service => !service.IsKeyedService && Replaced.Contains(service.ServiceType));
        foreach (var registered in replaced.ToList())
        {
            if (registered.ImplementationFactory?.Method.DeclaringType?.Assembly == owner)
                services.Remove(registered);
        }
    }
}
