using Asdamir.Data.Storage.Conformance;
using Hangfire;
using Hangfire.InMemory;

namespace Asdamir.Data.Storage.Tests.Conformance;

/// <summary>Hangfire's own storage, with which the suite itself is checked.</summary>
public sealed class InMemoryConformance : StorageConformance
{
    protected override IReadOnlyDictionary<Difference, string> Differences { get; } = new Dictionary<Difference, string>
    {
        [Difference.CreationTimeIsItsOwn] = "It orders everything by one monotonic clock.",
        [Difference.UnfinishedFetchesAreLost] = "A fetch takes the job out of the queue; there is no process that could outlive a crash.",
        [Difference.FetchedJobsAreNotTracked] = "A fetch takes the job out of the queue.",
        [Difference.EmptyQueuesStay] = "A queue is created by its first use and never removed.",
        [Difference.InstancesShareNothing] = "Each instance has its own memory.",
    };

    protected override IReadOnlyDictionary<string, string> UnannouncedFeatures { get; } = new Dictionary<string, string>
    {
        [
            TransactionalAcknowledge
        ] = "It announces 'InMemoryFetchedJob', but its type is generic and Hangfire asks for 'InMemoryFetchedJob`1'.",
    };

    protected override JobStorage OpenStorage(string name) => new InMemoryStorage(new InMemoryStorageOptions
    {
        // The defaults forget early to save memory; the contract is what the storage does with what it keeps.
        MaxExpirationTime = null,
        MaxStateHistoryLength = 1000,
    });
}
