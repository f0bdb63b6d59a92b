using Hangfire.InMemory;

namespace Asdamir.Data.Storage.Tests.Storages;

public sealed partial class StorageUnderTest
{
    public static StorageUnderTest InMemory { get; } = new("Hangfire.InMemory", static _ => new InMemoryStorage(new InMemoryStorageOptions
    {
        // The defaults forget early to save memory; the contract is what the storage does with what it keeps.
        MaxExpirationTime = null,
        MaxStateHistoryLength = 1000,
    }))
    {
        Differences =
        {
            [Difference.CreationTimeIsItsOwn] = "It orders everything by one monotonic clock of its own.",
            [Difference.UnfinishedFetchesAreLost] = "A fetch takes the job out of the queue; there is no process that could outlive a crash.",
            [Difference.FetchedJobsAreNotTracked] = "A fetch takes the job out of the queue.",
            [Difference.EmptyQueuesStay] = "A queue is created by its first use and never removed.",
            [Difference.InstancesShareNothing] = "Each instance is a memory of its own.",
        },
        UnannouncedFeatures =
        {
            [TransactionalAcknowledge] = "It announces 'InMemoryFetchedJob', but its type is generic and Hangfire asks for 'InMemoryFetchedJob`1'.",
        },
    };
}
