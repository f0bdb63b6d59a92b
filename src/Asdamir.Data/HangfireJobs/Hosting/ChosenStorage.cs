using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Which storage the app uses and how it is created. Creating it opens nothing; the server does that when the host starts.
/// </summary>
/// <param name="Create">Creates the storage.</param>
/// <param name="Description">Where it is, for messages.</param>
internal sealed record ChosenStorage(Func<JobStorage> Create, string Description)
{
    private static readonly ConditionalWeakTable<JobStorage, object?> OfAllHosts = [];

    private JobStorage? _created;

    /// <summary>Whether this or another host of the process keeps its jobs in the storage.</summary>
    public static bool IsOfAHost(JobStorage storage) => OfAllHosts.TryGetValue(storage, out _);

    public static ChosenStorage HandedIn(Func<JobStorage> create, HangfireJobsOptions options) =>
        new(
            () =>
            {
                var storage = create();
                if (storage is SqlJobStorage own)
                    StorageFactory.UseDefaults(own, options);
                return storage;
            },
            "handed in with UseStorage");

    /// <summary>Creates the storage, with a loader that loads only allowed jobs unless the host's storage has its own loader.</summary>
    public JobStorage CreateFor(JobLoader loader)
    {
        var storage = Create();
        if (storage is SqlJobStorage own)
            own.JobLoader ??= loader;
        OfAllHosts.AddOrUpdate(storage, null);
        return _created = storage;
    }

    /// <exception cref="InvalidOperationException">
    /// The app registered the storage directly, so its servers would have no loader and would execute any method that a row names.
    /// </exception>
    public void MustHaveCreated(JobStorage storage)
    {
        if (ReferenceEquals(storage, _created))
            return;
        throw new InvalidOperationException(
            $"The app registers its own JobStorage ({storage.GetType().Name}), which the background jobs cannot prepare: it would ignore "
            + "HangfireJobs:Storage and HangfireJobs:Retention, and execute jobs that the app does not know. Fix: remove the registration "
            + "and hand the storage in with AddCoreHangfireJobs(…).UseStorage(_ => …).");
    }
}
