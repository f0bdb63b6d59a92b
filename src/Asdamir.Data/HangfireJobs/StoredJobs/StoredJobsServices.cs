using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

internal static class StoredJobsServices
{
    /// <param name="plainTypes">The classes whose methods may be executed as plain Hangfire jobs; read when the first job is
    /// loaded.</param>
    public static void AddStoredJobs(this IServiceCollection services, IReadOnlyCollection<Type> plainTypes)
    {
        services.AddMetrics();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<UnknownJobs>();
        services.AddSingleton<ContextPropagation>();
        services.AddSingleton<JobRouting>();
        services.AddSingleton(_ => new JobLoader(plainTypes));
        services.AddSingleton<JobTransitions>();
        services.AddSingleton<JobLookup>();
        services.AddSingleton<RecurringJobs>();
        services.AddSingleton<PlainQueues>();
    }
}
