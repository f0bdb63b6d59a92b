using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs.Hosting;

internal static class OptionsServices
{
    /// <param name="read">Reads the options from configuration and code.</param>
    /// <param name="early">The options as read while the services are added.</param>
    public static void AddJobOptions(this IServiceCollection services, Action<HangfireJobsOptions> read, HangfireJobsOptions early)
    {
        services.AddSingleton<IValidateOptions<HangfireJobsOptions>, OptionsValidator>();
        services.AddOptions<HangfireJobsOptions>().Configure(read).ValidateOnStart();
        services.AddSingleton(static provider => provider.GetRequiredService<IOptions<HangfireJobsOptions>>().Value);
        // The host must not stop waiting before the jobs have had the time that the options promise them.
        services.PostConfigure<HostOptions>(host =>
        {
            var needed = early.StopTimeout + early.ShutdownTimeout + TimeSpan.FromSeconds(5);
            if (host.ShutdownTimeout < needed)
                host.ShutdownTimeout = needed;
        });
    }
}
