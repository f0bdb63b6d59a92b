namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>
/// Where our storages differ from Hangfire.InMemory on purpose. A job keeps away from these, or compares what is left; whatever else
/// differs is a defect.
/// </summary>
internal enum Declared
{
    /// <summary>
    /// The character 0 and half a surrogate pair are kept as U+FFFD: PostgreSQL holds neither, and both databases behave the same.
    /// </summary>
    TextsAreKeptAsPostgreSqlCan,

    /// <summary>
    /// Values with equal scores are in the order of their code points; .NET's order has pairs of surrogates before U+E000.
    /// </summary>
    EqualScoresAreInOrderOfCodePoints,

    /// <summary>
    /// Of several values whose score is exactly the lower limit, the first one is the lowest; Hangfire.InMemory gives any of them.
    /// </summary>
    LowestOfALimitIsTheFirst,

    /// <summary>
    /// What is added to a set or list that expires does not expire with it: the time is one of each item, as in Hangfire.SqlServer.
    /// </summary>
    ExpiryIsOfItems,

    /// <summary>What expires at once is gone with the next upkeep, not with the commit.</summary>
    UpkeepRemovesWhatExpired,

    /// <summary>A queue is shown for as long as it has entries, as in Hangfire.SqlServer; Hangfire.InMemory never forgets one.</summary>
    EmptyQueuesAreNotShown,

    /// <summary>
    /// A fetched entry is counted as fetched and keeps its place; Hangfire.InMemory takes it away and puts it back at the end.
    /// </summary>
    FetchedEntriesKeepTheirPlace,

    /// <summary>
    /// A worker reads the job it has fetched and locked as it was claimed; when it has changed since, the worker's commit is refused.
    /// </summary>
    WorkersReadWhatTheyClaimed,

    /// <summary>A lock of a job's state ends with the commit of a state under it.</summary>
    StateLocksEndWithTheirCommit,

    /// <summary>Lists and counts by state are case-sensitive, as in Hangfire.PostgreSql.</summary>
    StatesHaveACase,

    /// <summary>
    /// Statistics count an enqueued job as often as queues hold it: to count by state, every enqueue would have to write one more index.
    /// </summary>
    EnqueuedIsCountedByEntries,

    /// <summary>A queue's list shows the state's data also of jobs in another state, as in Hangfire.SqlServer.</summary>
    QueuesShowTheDataOfAnyState,

    /// <summary>
    /// An empty name of a queue, a NaN score and a NaN limit of scores are refused: no worker and no order has a place for them.
    /// </summary>
    ImpossibleNamesAndScoresAreRefused,

    /// <summary>
    /// A list that is trimmed from below zero keeps what lies in the range; Hangfire.InMemory keeps as many more as it began below.
    /// </summary>
    TrimCountsFromZero,

    /// <summary>Several sets count each key once; Hangfire.InMemory counts a key that is named twice twice.</summary>
    SetsAreCountedOnce,
}
