using System.Reflection;
using Asdamir.Data.HangfireJobs.Catalog;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>Collects the job classes, and registers them so that each run resolves its job from its own scope.</summary>
internal sealed class HangfireJobsBuilder(IServiceCollection services) : IHangfireJobsBuilder
{
    private readonly HashSet<Type> _jobTypes = [];

    public IServiceCollection Services => services;

    public IReadOnlyCollection<Type> JobTypes => _jobTypes;

    /// <summary>What was wrong with the configuration when it was read; reported together with everything else at start-up.</summary>
    public List<string> Faults { get; } = [];

    public IHangfireJobsBuilder AddJobsFromAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes().Where(JobClass.IsJob))
            Add(type);
        return this;
    }

    public IHangfireJobsBuilder AddJob<TJob>() where TJob : class
    {
        if (!JobClass.IsJob(typeof(TJob)))
            throw new ArgumentException($"{typeof(TJob).FullName} is not a job. Fix: make it a class that implements IJob or IJob<TArgs>.");
        Add(typeof(TJob));
        return this;
    }

    public IHangfireJobsBuilder UseStorage(Func<IServiceProvider, JobStorage> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        services.RemoveAll<JobStorage>();
        services.AddSingleton(provider => provider.GetRequiredService<StorageOpener>().Open(() => create(provider), "handed in with UseStorage"));
        return this;
    }

    private void Add(Type type)
    {
        if (_jobTypes.Add(type))
            services.TryAddTransient(type);
    }
}
