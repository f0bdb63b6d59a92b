using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Isolation;

internal static class IsolationServices
{
    public static void AddIsolation(this IServiceCollection services) => services.AddSingleton(static provider =>
    {
        var options = provider.GetRequiredService<HangfireJobsOptions>();
        return new AppIdentity(options.AppQueue, options.RecurringJobIdPrefix);
    });
}
