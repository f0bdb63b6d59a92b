using Asdamir.Data.Storage.Conformance;
using Hangfire;

namespace Asdamir.Data.Storage.Tests.Conformance;

public sealed class SqliteConformance(StorageServer server) : StorageConformance
{
    protected override IReadOnlyDictionary<Difference, string> Differences { get; } = new Dictionary<Difference, string>
    {
        [Difference.HostileTextsAreReplaced] = "As on PostgreSQL, so that jobs behave the same on both.",
        [Difference.NewJobsAreHeldBack] = PostgreSqlConformance.TwoSteps,
    };

    protected override JobStorage OpenStorage(string name) => new SqliteJobStorage($"Data Source={server.PlaceOf(name).File}");
}
