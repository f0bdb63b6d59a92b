using System.Reflection;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Execution;
using Hangfire;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Collects the job types and registers them as transient services, so that each attempt creates its job from its own scope.
/// </summary>
internal sealed class HangfireJobsBuilder : IHangfireJobsBuilder
{
    private readonly HashSet<Type> _jobTypes = [];
    private readonly HashSet<Type> _plainTypes = [];

    public HangfireJobsBuilder(IServiceCollection services)
    {
        Services = services;
        AppAssembly = FindAppAssembly(services);
    }

    public IServiceCollection Services { get; }

    public IReadOnlyCollection<Type> JobTypes => _jobTypes;

    /// <summary>
    /// The assembly the host is named after. In a test, and in a tool that builds the host, the entry assembly is a different one.
    /// </summary>
    public Assembly? AppAssembly { get; }

    /// <summary>The factories of the filters for all jobs.</summary>
    public List<Func<IServiceProvider, JobFilter>> Filters { get; } = [];

    /// <summary>The middleware, in the order of its registration.</summary>
    public List<MiddlewareRule> Middleware { get; } = [];

    /// <summary>The classes whose methods may be executed as Hangfire's own jobs.</summary>
    public IReadOnlyCollection<Type> PlainTypes => _plainTypes;

    /// <summary>The faults found when the configuration was read; reported at start-up together with all others.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The names of the assemblies that <see cref="AddJobsOfApp"/> searched.</summary>
    public List<string> Searched { get; } = [];

    /// <summary>The storage that Hangfire's static classes had when the jobs were added.</summary>
    public JobStorage? StaticStorageBefore { get; } = StaticStorage;

    /// <summary>The storage that Hangfire's static classes have now.</summary>
    public static JobStorage? StaticStorage
    {
        get
        {
            try
            {
                return JobStorage.Current;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>Registers the job types of the app's assembly or, if it has none, of the one that configures the jobs.</summary>
    public void AddJobsOfApp(Assembly caller)
    {
        foreach (var assembly in new[] { AppAssembly, caller }.OfType<Assembly>().Distinct())
        {
            Searched.Add(assembly.GetName().Name!);
            AddJobsFromAssembly(assembly);
            if (_jobTypes.Count > 0)
                return;
        }
    }

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
        Services.RemoveAll<ChosenStorage>();
        Services.AddSingleton(
            provider => ChosenStorage.HandedIn(() => create(provider), provider.GetRequiredService<HangfireJobsOptions>()));
        return this;
    }

    public IHangfireJobsBuilder AddFilter(object filter, int? order = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        CheckFilter(filter.GetType(), nameof(filter));
        Filters.Add(_ => AppFilters.Of(filter, order));
        return this;
    }

    public IHangfireJobsBuilder AddFilter<TFilter>(int? order = null) where TFilter : class
    {
        CheckFilter(typeof(TFilter), nameof(TFilter));
        Filters.Add(provider => AppFilters.Of(ActivatorUtilities.GetServiceOrCreateInstance<TFilter>(provider), order));
        return this;
    }

    public IHangfireJobsBuilder AddMiddleware<TMiddleware>(Func<Type, bool>? appliesTo = null) where TMiddleware : class, IJobMiddleware
    {
        Services.TryAddScoped<TMiddleware>();
        Middleware.Add(new MiddlewareRule(typeof(TMiddleware), appliesTo ?? (static _ => true)));
        return this;
    }

    public IHangfireJobsBuilder AddContextPropagator<TPropagator>() where TPropagator : class, IJobContextPropagator
    {
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IJobContextPropagator, TPropagator>());
        return this;
    }

    private static void CheckFilter(Type type, string parameter)
    {
        if (!AppFilters.IsFilter(type))
        {
            throw new ArgumentException(
                $"{type.FullName} is not a filter. "
                    + "Fix: implement one of Hangfire's interfaces, such as IServerFilter or IElectStateFilter.",
                parameter);
        }
    }

    public IHangfireJobsBuilder AllowPlainJobs<T>() => AllowPlainJobs(typeof(T));

    public IHangfireJobsBuilder AllowPlainJobs(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.ContainsGenericParameters)
        {
            throw new ArgumentException(
                $"{type} is an open generic type, and a job calls a method of a closed one. "
                + "Fix: allow each closed type, as in typeof(Mailer<Order>).",
                nameof(type));
        }
        if (type == typeof(JobEnvelope) || type.Assembly == typeof(object).Assembly)
        {
            throw new ArgumentException(
                $"{type.FullName} is not a class of the app: allowing it would let every app of the schema call its methods here. "
                + "Fix: allow a class of the app that calls it.",
                nameof(type));
        }
        _plainTypes.Add(type);
        return this;
    }

    private void Add(Type type)
    {
        if (_jobTypes.Add(type))
            Services.TryAddTransient(type);
    }

    private static Assembly? FindAppAssembly(IServiceCollection services)
    {
        var environment = services.Select(static service => service.IsKeyedService ? null : service.ImplementationInstance)
            .OfType<IHostEnvironment>()
            .FirstOrDefault();
        if (environment?.ApplicationName is { Length: > 0 } name)
        {
            try
            {
                return Assembly.Load(new AssemblyName(name));
            }
            catch (Exception exception) when (exception is IOException or BadImageFormatException or ArgumentException)
            {
                // The host's name is not the name of an assembly.
            }
        }
        return Assembly.GetEntryAssembly();
    }
}
