namespace Asdamir.Data.Storage.Tests.Storages;

public sealed partial class StorageUnderTest
{
    public static StorageUnderTest Sqlite { get; } = new("SqliteJobStorage", static place => new SqliteJobStorage($"Data Source={place.File}"))
    {
        Differences =
        {
            [Difference.HostileTextsAreReplaced] = "As on PostgreSQL, so that jobs behave the same on both.",
            [Difference.NewJobsAreHeldBack] = TwoSteps,
        },
    };
}
