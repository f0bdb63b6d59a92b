using Asdamir.Data.Storage.Conformance;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Conformance;

/// <summary>The other storage on PostgreSQL, with which the suite itself is checked.</summary>
[NeedsPostgreSql]
public sealed class HangfirePostgreSqlConformance(StorageServer server) : StorageConformance
{
    private const string NotImplemented = "Not implemented as of 1.21.1.";

    protected override IReadOnlyDictionary<Difference, string> Differences { get; } = new Dictionary<Difference, string>
    {
        [Difference.IllFormedIdsThrow] = "It converts every id to a number without asking.",
        [Difference.WritesToUnknownJobsThrow] = "States and parameters reference their job by a foreign key.",
        [Difference.HostileTextsAreRefused] = "PostgreSQL's text and jsonb cannot hold them.",
        [Difference.JobsAreReadWithoutDetails] = "It fills the properties Hangfire 1.7 knew.",
        [Difference.QueuesAreInOrderOfJobIds] = "The fetch sorts by queue and job id.",
        [Difference.QueuesAreServedAlphabetically] = "The fetch sorts by queue and job id.",
        [Difference.GoneJobsAreCountedOnly] = "Lists join the queue with its jobs, counts do not.",
        [Difference.SetRangesAreInOrderOfInsertion] = "Ranges are sorted by the row's id.",
        [Difference.EqualScoresAreUnordered] = "Only the score is sorted by.",
        [Difference.AddRangeToSetRefusesExistingValues] = "It inserts without looking, against a unique index.",
        [Difference.RangesAreUnchecked] = "Ends become OFFSET and LIMIT as they are.",
        [Difference.TrimListFailsForImpossibleRanges] = "Ends become OFFSET and LIMIT as they are.",
        [Difference.TrimListCountsFromTheOldest] = "It sorts ascending where every other storage sorts descending.",
        [Difference.TransactionsAcceptNull] = "Arguments are first looked at by the database.",
        [Difference.LockNamesCarryTheSchema] = "The row of the lock is named so.",
        [Difference.LocksOutliveTheirConnection] = "A lock is a row that only its release or its timeout removes.",
        [Difference.ListsStartWithTheHighestId] = "All lists share one query.",
        [Difference.StatisticsLackAwaitingAndRetries] = NotImplemented,
        [Difference.ConcurrentCommitsMayCollide] = "Rows are written in the order of the calls, and hashes by update, then insert.",
        [
            Difference.CountersLoseWhileAggregated
        ] = "It sums rows in one statement and deletes them in the next, which also deletes rows written between.",
    };

    protected override IReadOnlyDictionary<string, string> UnannouncedFeatures { get; } = new Dictionary<string, string>
    {
        [JobStorageFeatures.ExtendedApi] = "It has all the methods but does not say so.",
    };

    protected override IReadOnlyDictionary<string, string> MissingFeatures { get; } = new Dictionary<string, string>
    {
        [JobStorageFeatures.Connection.GetUtcDateTime] = NotImplemented,
        [JobStorageFeatures.Connection.GetSetContains] = NotImplemented,
        [JobStorageFeatures.Connection.LimitedGetSetCount] = NotImplemented,
        [JobStorageFeatures.Transaction.AcquireDistributedLock] = NotImplemented,
        [JobStorageFeatures.Transaction.CreateJob] = NotImplemented,
        [JobStorageFeatures.Transaction.SetJobParameter] = NotImplemented,
        [TransactionalAcknowledge] = NotImplemented,
        [JobStorageFeatures.Monitoring.DeletedStateGraphs] = NotImplemented,
        [JobStorageFeatures.Monitoring.AwaitingJobs] = NotImplemented,
    };

    protected override JobStorage OpenStorage(string name)
    {
        var place = server.PlaceOf(name);
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = place.Schema,
            QueuePollInterval = TimeSpan.FromSeconds(1),
            JobExpirationCheckInterval = TimeSpan.FromSeconds(1),
            StartupConnectionMaxRetries = 0,
            AllowDegradedModeWithoutStorage = false,
        };
        // It does deadlock, and the database looks for deadlocks only after this time.
        return new PostgreSqlStorage(new NpgsqlConnectionFactory($"{place.PostgreSql};Options=-c deadlock_timeout=20ms", options), options);
    }
}
