using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs.Runs;
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

    /// <summary>Whether a host of this process, perhaps another one, has its jobs in the storage.</summary>
    public static bool IsOfAHost(JobStorage storage) => OfAllHosts.TryGetValue(storage, out _);

    public static ChosenStorage HandedIn(Func<JobStorage> create, HangfireJobsOptions options) =>
        new(
            () =>
            {
                var storage = create();
                if (storage is SqlJobStorage own)
                    StorageChoice.UseDefaults(own, options);
                return storage;
            },
            "handed in with UseStorage");

    /// <summary>Creates the storage for a process that loads chosen jobs only, unless a storage that was handed in has a loader.</summary>
    public JobStorage CreateFor(JobLoader loader)
    {
        var storage = Create();
        if (storage is SqlJobStorage own)
            own.JobLoader ??= loader;
        OfAllHosts.AddOrUpdate(storage, null);
        return storage;
    }
}
