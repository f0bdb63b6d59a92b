using System.Reflection;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Goes on configuring the app's jobs after <c>AddCoreHangfireJobs</c>.</summary>
public interface IHangfireJobsBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }

    /// <summary>Registers all job classes of an assembly. Those of the entry assembly are registered by themselves.</summary>
    /// <param name="assembly">The assembly.</param>
    IHangfireJobsBuilder AddJobsFromAssembly(Assembly assembly);

    /// <summary>Registers one job class.</summary>
    /// <typeparam name="TJob">A class that implements <see cref="IJob"/> or <see cref="IJob{TArgs}"/>.</typeparam>
    IHangfireJobsBuilder AddJob<TJob>() where TJob : class;

    /// <summary>Uses a storage of the host's own, for example SQL Server or Redis, instead of the configured provider.</summary>
    /// <param name="create">Creates the storage; called once, when the app starts.</param>
    IHangfireJobsBuilder UseStorage(Func<IServiceProvider, JobStorage> create);
}
