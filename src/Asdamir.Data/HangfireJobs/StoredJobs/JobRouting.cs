using System.Collections.Frozen;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Decides the queue of each job of the app, and so which jobs belong to the app. With an AppQueue that is the only
/// queue; without one, Hangfire's default queue and the queues that its classes name with [Queue].
/// </summary>
internal sealed class JobRouting
{
    private readonly AppIdentity _app;

    public JobRouting(AppIdentity app, JobCatalog catalog)
    {
        _app = app;
        OwnQueues = app.IsIsolated
            ? new[] { app.Queue }.ToFrozenSet()
            : catalog.Jobs.Select(job => job.Queue).OfType<string>().Append(AppIdentity.DefaultQueue).ToFrozenSet();
    }

    /// <summary>The queue by which the app is known.</summary>
    public string App => _app.Queue;

    /// <summary>The queues this app's server listens on.</summary>
    public FrozenSet<string> OwnQueues { get; }

    public bool Owns(string queue) => OwnQueues.Contains(queue);

    public string QueueOf(JobDescriptor job) => StoredQueueOf(job) ?? AppIdentity.DefaultQueue;

    /// <summary>
    /// The queue that is stored with a job; <see langword="null"/> leaves it to Hangfire's default, which every storage supports.
    /// </summary>
    public string? StoredQueueOf(JobDescriptor job) => _app.IsIsolated ? _app.Queue : job.Queue;

    /// <param name="id">The id within the app.</param>
    /// <param name="parameter">The parameter of the caller that it comes from.</param>
    /// <exception cref="ArgumentException">The id is not allowed.</exception>
    public string StoredRecurringId(string id, string parameter = "id")
    {
        ArgumentNullException.ThrowIfNull(id);
        return Names.FaultOfRecurringId(id, _app) is { } fault
            ? throw new ArgumentException($"The recurring id '{id}' {fault}.", parameter)
            : _app.StoredRecurringId(id);
    }
}
