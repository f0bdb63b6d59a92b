using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;
using Asdamir.Data.Storage;
using Asdamir.Data.Testing.Assertions;
using Asdamir.Data.Testing.Hosting;
using Asdamir.Data.Testing.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Testing;

/// <summary>Puts the jobs of an app under the control of a test.</summary>
public static class JobHostServiceCollectionExtensions
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3_650);

    /// <summary>
    /// Adds a <see cref="JobHost"/> to an app, for a test in a host that the test does not build, as with <c>WebApplicationFactory</c>: the
    /// app starts no job server, keeps its jobs in a separate file that is removed with it, and its <see cref="TimeProvider"/> is
    /// <see cref="JobHost.Clock"/>. Call it after the app's own registrations, as in <c>ConfigureTestServices</c>, and get the host from
    /// the app's services.
    /// </summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="options">The settings; <see langword="null"/> for the default values.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">The app has no background jobs.</exception>
    public static IServiceCollection AddJobHost(this IServiceCollection services, JobHostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(static service => service.ServiceType == typeof(IHangfireJobService)))
        {
            throw new InvalidOperationException(
                "The app of the job host has no background jobs. Fix: call AddCoreHangfireJobs(…) before, as the app does.");
        }
        if (services.Any(static service => service.ServiceType == typeof(JobHost)))
            return services;
        var settings = options ?? new JobHostOptions();
        var clock = ClockOf(services, settings);
        services.RemoveAll<TimeProvider>();
        services.AddSingleton<TimeProvider>(clock);
        services.TryAddSingleton(clock);
        services.PostConfigure<HangfireJobsOptions>(static jobs =>
        {
            jobs.Storage = new HangfireJobsStorageOptions();
            // A test that advances the clock by days still sees its jobs.
            jobs.Retention = new HangfireJobsRetentionOptions { Succeeded = Kept, Deleted = Kept, Failed = Kept };
        });
        services.TryAddSingleton<StorageFolder>();
        services.AddCoreHangfireJobs(static _ => { }).UseManualServer().UseStorage(provider => new SqliteJobStorage(
            $"Data Source={provider.GetRequiredService<StorageFolder>().File}",
            new SqliteJobStorageOptions { Durable = false, TimeProvider = new HostClock(clock) }));
        services.AddSingleton(settings);
        services.AddSingleton<JobReader>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton(static provider => new JobHost(provider));
        services.AddHostedService<ScheduleStart>();
        return services;
    }

    private static FakeTimeProvider ClockOf(IServiceCollection services, JobHostOptions options) =>
        services.LastOrDefault(static service => service.ServiceType == typeof(TimeProvider) && !service.IsKeyedService)
            ?.ImplementationInstance as FakeTimeProvider ?? new FakeTimeProvider(options.StartAt ?? DateTimeOffset.UtcNow);
}
