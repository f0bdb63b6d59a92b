using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Scheduling;

internal static class SchedulingServices
{
    /// <param name="assembly">The name of the app's assembly, which marks the schedules that the app declares.</param>
    public static void AddScheduling(this IServiceCollection services, string assembly)
    {
        services.AddSingleton<OwnRecurringJobs>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DeclaredRecurringJobs>(provider, assembly));
        services.AddSingleton<RecurringJobMonitor>();
        services.AddSingleton<IHangfireJobService, HangfireJobService>();
    }
}
