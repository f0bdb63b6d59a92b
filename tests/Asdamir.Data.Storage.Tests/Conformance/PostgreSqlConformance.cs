using Asdamir.Data.Storage.Conformance;
using Hangfire;

namespace Asdamir.Data.Storage.Tests.Conformance;

[NeedsPostgreSql]
public class PostgreSqlConformance(StorageServer server) : StorageConformance
{
    internal const string TwoSteps = "Hangfire creates a job in two steps; both are written in the commit of the second one.";

    /// <summary>The longest poll interval: what happens before it, a notification has brought about.</summary>
    public static readonly TimeSpan RarePoll = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan BeforeAnyPoll = TimeSpan.FromSeconds(40);

    protected override IReadOnlyDictionary<Difference, string> Differences { get; } = new Dictionary<Difference, string>
    {
        [Difference.HostileTextsAreReplaced] = "PostgreSQL's text cannot hold them.",
        [Difference.NewJobsAreHeldBack] = TwoSteps,
    };

    protected override TimeSpan WakeLimit => BeforeAnyPoll;

    private protected StorageServer Server => server;

    private protected virtual string ConnectionString => $"{server.ConnectionString};Maximum Pool Size=200";

    private protected virtual void Configure(PostgreSqlJobStorageOptions options) => options.PollInterval = RarePoll;

    protected override JobStorage OpenStorage(string name)
    {
        var options = new PostgreSqlJobStorageOptions { Schema = server.PlaceOf(name).Schema };
        Configure(options);
        return new PostgreSqlJobStorage(ConnectionString, options);
    }
}
