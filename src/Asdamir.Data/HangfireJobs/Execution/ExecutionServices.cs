using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

internal static class ExecutionServices
{
    /// <param name="filters">Create the filters that the app added for all its jobs; read when the first job is created or
    /// executed.</param>
    /// <param name="middleware">The middleware that the app added; read when the first job is executed.</param>
    public static void AddExecution(
        this IServiceCollection services, IReadOnlyCollection<Func<IServiceProvider, JobFilter>> filters,
        IReadOnlyCollection<MiddlewareRule> middleware)
    {
        services.AddSingleton(static provider => new RetryPolicy(
            provider.GetRequiredService<HangfireJobsOptions>().Retry,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RetryFilter>>()));
        services.AddSingleton<ExclusiveJobs>();
        services.AddSingleton<JobThreads>();
        services.AddSingleton<UnsavedJournals>();
        services.AddSingleton<StuckJobs>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<JobPipeline>(provider, middleware));
        services.AddSingleton<IJobExecutor, JobExecutor>();
        services.AddSingleton(provider => new AppFilters(filters.Select(create => create(provider))));
        services.AddSingleton<IJobFilterProvider>(static provider => EnvelopeFilterProvider.Create(
            provider.GetRequiredService<HangfireJobsOptions>(),
            provider.GetRequiredService<JobCatalog>(),
            provider.GetRequiredService<JobLoader>(),
            provider.GetRequiredService<JobRouting>(),
            provider.GetRequiredService<RetryPolicy>(),
            provider.GetRequiredService<PlainQueues>(),
            provider.GetRequiredService<AppFilters>,
            provider.GetRequiredService<UnknownJobs>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<JobActivator, ScopedJobActivator>();
    }
}
