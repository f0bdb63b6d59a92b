using Hangfire;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Dashboard;

internal static class DashboardServices
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddSingleton<DashboardClientFactory>();
        services.AddSingleton<IBackgroundJobClientFactory>(static provider => provider.GetRequiredService<DashboardClientFactory>());
        services.AddSingleton<IRecurringJobManagerFactory>(static provider => provider.GetRequiredService<DashboardClientFactory>());
    }
}
