namespace Asdamir.Data.Storage.Tests.Storages;

public sealed partial class StorageUnderTest
{
    private const string TwoSteps = "Hangfire creates a job in two steps; both are written in the commit of the second one.";

    public static StorageUnderTest PostgreSql { get; } = new("PostgreSqlJobStorage", static place =>
        new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema }))
    {
        Differences =
        {
            [Difference.HostileTextsAreReplaced] = "PostgreSQL's text cannot hold them.",
            [Difference.NewJobsAreHeldBack] = TwoSteps,
        },
    };
}
