namespace Asdamir.Data.Storage.Tests.Storages;

public sealed partial class StorageUnderTest
{
    private const string TwoSteps = "Hangfire creates a job in two steps; both are written in the commit of the second one.";

    /// <summary>So seldom that tests see whether workers are woken.</summary>
    public static readonly TimeSpan SlowPoll = TimeSpan.FromMinutes(1);

    /// <summary>Less than that: what happens by then, a notification has brought about.</summary>
    public static readonly TimeSpan BeforeAnyPoll = TimeSpan.FromSeconds(40);

    public static StorageUnderTest PostgreSql { get; } = OnPostgreSql("PostgreSqlJobStorage", prepare: true, SlowPoll);

    /// <summary>As behind a proxy that pools transactions, which passes on no notifications.</summary>
    public static StorageUnderTest PostgreSqlUnprepared { get; } = OnPostgreSql("PostgreSqlJobStorage without prepared statements", prepare: false, TimeSpan.FromMilliseconds(200));

    private static StorageUnderTest OnPostgreSql(string name, bool prepare, TimeSpan poll) => new(name, place =>
        new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, PrepareStatements = prepare, PollInterval = poll }))
    {
        Differences =
        {
            [Difference.HostileTextsAreReplaced] = "PostgreSQL's text cannot hold them.",
            [Difference.NewJobsAreHeldBack] = TwoSteps,
        },
    };
}
