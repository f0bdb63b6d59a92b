using Asdamir.Data.HangfireJobs.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.ManualExecution;

/// <summary>Puts the execution of jobs under the control of a test or a tool.</summary>
public static class ManualJobServerExtensions
{
    /// <summary>
    /// Adds a <see cref="ManualJobServer"/> in place of the server that works continuously, whatever <c>RunServer</c> says.
    /// </summary>
    /// <param name="jobs">The builder of the app's jobs.</param>
    /// <returns>The same builder.</returns>
    public static IHangfireJobsBuilder UseManualServer(this IHangfireJobsBuilder jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        jobs.Services.PostConfigure<HangfireJobsOptions>(static options => options.RunServer = false);
        jobs.Services.AddSingleton<ManualCalls>();
        jobs.Services.AddSingleton<IAttemptProbe>(static provider => provider.GetRequiredService<ManualCalls>());
        jobs.Services.AddSingleton(
            static provider => new ManualJobServer(provider, provider.GetRequiredService<ManualCalls>()));
        return jobs;
    }
}
