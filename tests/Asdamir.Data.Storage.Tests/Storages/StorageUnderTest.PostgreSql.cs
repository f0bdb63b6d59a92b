namespace Asdamir.Data.Storage.Tests.Storages;

public sealed partial class StorageUnderTest
{
    private const string TwoSteps = "Hangfire creates a job in two steps; both are written in the commit of the second one.";

    public static StorageUnderTest PostgreSql { get; } = OnPostgreSql("PostgreSqlJobStorage", prepare: true);

    /// <summary>As behind a proxy that pools transactions.</summary>
    public static StorageUnderTest PostgreSqlUnprepared { get; } = OnPostgreSql("PostgreSqlJobStorage without prepared statements", prepare: false);

    private static StorageUnderTest OnPostgreSql(string name, bool prepare) => new(name, place =>
        new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, PrepareStatements = prepare }))
    {
        Differences =
        {
            [Difference.HostileTextsAreReplaced] = "PostgreSQL's text cannot hold them.",
            [Difference.NewJobsAreHeldBack] = TwoSteps,
        },
    };
}
