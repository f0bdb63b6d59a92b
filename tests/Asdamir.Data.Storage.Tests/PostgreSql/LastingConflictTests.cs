using Asdamir.Data.Storage.Conformance;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>A statement that the server refuses as a deadlock or a serialization failure is retried, but not without end.</summary>
[NeedsPostgreSql]
public sealed class LastingConflictTests() : OwnStorageTests(static place => OnPostgreSql(place))
{
    private const string Refused = "refused";

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task ACommit_Fails_WhenEveryAttemptMeetsAConflict_AndOthersDoNot(string code)
    {
        Client.Create(SampleJobs.Text("first"), new EnqueuedState());
        Refuse("queue", $"new.queue = '{Refused}'", code);

        var refused = Task.Run(
            () => Write(static transaction => transaction.AddToQueue(Refused, "1")), TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 20).Select(i => Task.Run(() => Client.Create(SampleJobs.Text($"{i}"), new EnqueuedState())));

        var error = await Assert.ThrowsAsync<JobStorageUnavailableException>(
            () => refused.WaitAsync(Until.Limit, TestContext.Current.CancellationToken));
        AssertClear(code, error);
        Assert.All(
            await Task.WhenAll(others), id => Assert.Equal("Enqueued", Storage.GetMonitoringApi().JobDetails(id).History[0].StateName));
        Assert.Equal(0, Storage.GetMonitoringApi().EnqueuedCount(Refused));
        Assert.Equal(21, Storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task ACommit_Succeeds_WhenTheConflictEnds(string code)
    {
        Client.Create(SampleJobs.Text("first"), new EnqueuedState());
        Execute("CREATE SEQUENCE {s}tries");
        Refuse("queue", $"new.queue = '{Refused}' AND nextval('\"{Place.Schema}\".tries') < 5", code);

        await Task.Run(() => Write(static transaction => transaction.AddToQueue(Refused, "1")), TestContext.Current.CancellationToken);

        Assert.Equal(1L, Execute($"SELECT count(*) FROM {{s}}queue WHERE queue = '{Refused}'"));
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public void AStatement_Fails_WhenEveryAttemptMeetsAConflict(string code)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        Refuse("server", "true", code);

        var error = Assert.Throws<JobStorageUnavailableException>(
            () => connection.AnnounceServer("one", new Hangfire.Server.ServerContext { Queues = ["default"], WorkerCount = 1 }));

        AssertClear(code, error);
    }

    private static void AssertClear(string code, JobStorageUnavailableException error)
    {
        Assert.False(error.MayBeCommitted);
        Assert.Contains("Nothing was written", error.Message, StringComparison.Ordinal);
        Assert.Equal(code, Assert.IsType<PostgresException>(error.InnerException).SqlState);
    }

    private void Write(Action<JobStorageTransaction> write)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        write(transaction);
        transaction.Commit();
    }

    private void Refuse(string table, string condition, string code)
    {
        Execute($"""
            CREATE FUNCTION {Place.Schema}_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF {condition} THEN RAISE EXCEPTION 'refused by the test' USING ERRCODE = '{code}'; END IF; RETURN new; END $$
            """);
        Execute($"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {{s}}{table} FOR EACH ROW EXECUTE FUNCTION {Place.Schema}_refuse()");
    }

    private object? Execute(string sql)
    {
        using var connection = new NpgsqlConnection(Place.PostgreSql);
        connection.Open();
        using var command = new NpgsqlCommand(sql.Replace("{s}", $"\"{Place.Schema}\".", StringComparison.Ordinal), connection);
        return command.ExecuteScalar();
    }
}
