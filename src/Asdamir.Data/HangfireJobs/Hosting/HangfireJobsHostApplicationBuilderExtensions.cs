using System.Reflection;
using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Adds background jobs to a web app, a Worker Service or any other host.</summary>
public static class HangfireJobsHostApplicationBuilderExtensions
{
    /// <summary>
    /// Adds background jobs, configured by the section <c>HangfireJobs</c> of the host's configuration and then in code, and the job types
    /// of the app's own assembly.
    /// </summary>
    /// <param name="builder">The builder of the host, as of <c>WebApplication.CreateBuilder</c> or
    /// <c>Host.CreateApplicationBuilder</c>.</param>
    /// <param name="configure">Changes the options after the configuration was read; <see langword="null"/> for no change.</param>
    /// <returns>A builder for what the configuration cannot express. Calling it again returns the same builder.</returns>
    /// <exception cref="OptionsValidationException">Thrown when the app starts with an invalid configuration; the message names every
    /// fault.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHangfireJobsBuilder AddCoreHangfireJobs(
        this IHostApplicationBuilder builder, Action<HangfireJobsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return HangfireJobsServiceCollectionExtensions.Add(
            builder.Services, builder.Configuration, configure ?? (static _ => { }), Assembly.GetCallingAssembly());
    }
}
