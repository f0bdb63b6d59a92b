using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

internal static class JobServerServices
{
    public static void AddJobServer(this IServiceCollection services)
    {
        services.AddSingleton<StorageInitializer>();
        services.AddSingleton<StartupChecks>();
        services.AddSingleton<OutageLog>();
        services.AddSingleton<ServerParts>();
        services.AddHostedService<JobServer>();
    }
}
