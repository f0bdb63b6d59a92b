using System.Reflection;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs;

/// <summary>Continues to configure the app's jobs after <c>AddCoreHangfireJobs</c>.</summary>
public interface IHangfireJobsBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }

    /// <summary>Registers all job types of an assembly. Those of the app's own assembly are registered automatically.</summary>
    /// <param name="assembly">The assembly.</param>
    IHangfireJobsBuilder AddJobsFromAssembly(Assembly assembly);

    /// <summary>Registers one job type.</summary>
    /// <typeparam name="TJob">A class that implements <see cref="IJob"/> or <see cref="IJob{TArgs}"/>.</typeparam>
    IHangfireJobsBuilder AddJob<TJob>() where TJob : class;

    /// <summary>
    /// Lets this app's server execute Hangfire's own jobs, such as <c>Enqueue&lt;Mailer&gt;(m =&gt; m.Send(id))</c>, that call public
    /// methods of exactly this type. Without it they fail, as every app of the schema can write such a row.
    /// </summary>
    /// <typeparam name="T">A type of the app.</typeparam>
    IHangfireJobsBuilder AllowPlainJobs<T>();

    /// <inheritdoc cref="AllowPlainJobs{T}"/>
    /// <param name="type">A type of the app; for a static class, which cannot be a type argument.</param>
    /// <exception cref="ArgumentException">It is an open generic type, or one of the runtime's own.</exception>
    IHangfireJobsBuilder AllowPlainJobs(Type type);

    /// <summary>Uses the host's storage, for example on SQL Server or Redis, instead of the configured provider.</summary>
    /// <param name="create">Creates the storage; called once, when the app starts.</param>
    IHangfireJobsBuilder UseStorage(Func<IServiceProvider, JobStorage> create);

    /// <summary>
    /// Adds one of Hangfire's filters, such as <c>IServerFilter</c> or <c>IClientFilter</c>, for all jobs of this app. An attribute of the
    /// same type on a job type replaces it there, unless the attribute allows multiple uses. Jobs of other apps are not affected.
    /// </summary>
    /// <param name="filter">The filter; one instance for all threads.</param>
    /// <param name="order">Its place among the filters, lowest first; <see langword="null"/> for its own <c>Order</c>, or -1.</param>
    /// <exception cref="ArgumentException">It implements none of Hangfire's filter interfaces.</exception>
    IHangfireJobsBuilder AddFilter(object filter, int? order = null);

    /// <summary>Adds a filter that is created once, with services of the host, for all jobs of this app.</summary>
    /// <typeparam name="TFilter">A class that implements one of Hangfire's filter interfaces.</typeparam>
    /// <inheritdoc cref="AddFilter(object, int?)"/>
    IHangfireJobsBuilder AddFilter<TFilter>(int? order = null) where TFilter : class;

    /// <summary>
    /// Adds code around every attempt, in the order of the calls. It is created in the scope of the attempt, unless the services have
    /// another registration of it. A job type has each middleware once, at the place where it first applies.
    /// </summary>
    /// <typeparam name="TMiddleware">The class.</typeparam>
    /// <param name="appliesTo">
    /// Says for each job type whether its jobs have it; called once for each class. <see langword="null"/> for all jobs of the app.
    /// </param>
    IHangfireJobsBuilder AddMiddleware<TMiddleware>(Func<Type, bool>? appliesTo = null) where TMiddleware : class, IJobMiddleware;

    /// <summary>
    /// Takes what is ambient where jobs are enqueued, such as the tenant, to where they are executed. Propagators are called in the order
    /// of these calls.
    /// </summary>
    /// <typeparam name="TPropagator">The class, created once, with services of the host.</typeparam>
    IHangfireJobsBuilder AddContextPropagator<TPropagator>() where TPropagator : class, IJobContextPropagator;
}
