namespace Asdamir.Data.Storage.Conformance;

/// <summary>
/// Where known storages differ from the contract. The contract is what Hangfire.InMemory and Hangfire.SqlServer agree on, else
/// Hangfire.InMemory's.
/// </summary>
public enum Difference
{
    /// <summary>A job's time of creation is the storage's own, whatever the caller says.</summary>
    CreationTimeIsItsOwn,

    /// <summary>An id that is no number throws, instead of naming no job.</summary>
    IllFormedIdsThrow,

    /// <summary>A state or parameter of a job that does not exist throws, instead of doing nothing.</summary>
    WritesToUnknownJobsThrow,

    /// <summary>A text with the character 0 or half a surrogate pair throws, instead of being kept.</summary>
    HostileTextsAreRefused,

    /// <summary>The character 0 and half a surrogate pair are replaced, instead of being kept.</summary>
    HostileTextsAreReplaced,

    /// <summary>Jobs are read without invocation data, parameters snapshot, state data and the reason why they cannot be loaded.</summary>
    JobsAreReadWithoutDetails,

    /// <summary>A queue gives the lowest job id first, instead of what was enqueued first.</summary>
    QueuesAreInOrderOfJobIds,

    /// <summary>Of several queues the alphabetically first is served first, instead of the one named first.</summary>
    QueuesAreServedAlphabetically,

    /// <summary>A fetched job that is neither removed nor requeued is gone, instead of back on its queue.</summary>
    UnfinishedFetchesAreLost,

    /// <summary>Monitoring does not know which jobs are fetched.</summary>
    FetchedJobsAreNotTracked,

    /// <summary>Entries of a queue whose job is gone are counted and not listed.</summary>
    GoneJobsAreCountedOnly,

    /// <summary>Monitoring shows a queue also when nothing is in it any more.</summary>
    EmptyQueuesStay,

    /// <summary>Ranges of a set are in the order of insertion, instead of by score.</summary>
    SetRangesAreInOrderOfInsertion,

    /// <summary>Values with equal scores come in any order, instead of by value.</summary>
    EqualScoresAreUnordered,

    /// <summary>Adding a range with a value the set has already throws, instead of keeping it once.</summary>
    AddRangeToSetRefusesExistingValues,

    /// <summary>Reading an impossible range finds nothing or fails in the database, instead of being refused.</summary>
    RangesAreUnchecked,

    /// <summary>TrimList fails in the database when its range is turned round or starts below zero.</summary>
    TrimListFailsForImpossibleRanges,

    /// <summary>TrimList counts from the oldest item, instead of the newest.</summary>
    TrimListCountsFromTheOldest,

    /// <summary>Most methods of a transaction accept null, and fail at the commit or never.</summary>
    TransactionsAcceptNull,

    /// <summary>A lock's exception names the schema too, instead of the resource alone.</summary>
    LockNamesCarryTheSchema,

    /// <summary>Locks stay when their connection is closed, instead of being released.</summary>
    LocksOutliveTheirConnection,

    /// <summary>Lists of jobs by state start with the highest id, also those that should start with the oldest.</summary>
    ListsStartWithTheHighestId,

    /// <summary>Statistics come without awaiting jobs and retries.</summary>
    StatisticsLackAwaitingAndRetries,

    /// <summary>Commits that touch the same keys at the same time may fail.</summary>
    ConcurrentCommitsMayCollide,

    /// <summary>Counters lose what is counted while a server aggregates them.</summary>
    CountersLoseWhileAggregated,

    /// <summary>Two instances of the storage share nothing.</summary>
    InstancesShareNothing,

    /// <summary>
    /// A job created outside a transaction is seen by other instances only when its connection does something else or ends.
    /// </summary>
    NewJobsAreHeldBack,
}
