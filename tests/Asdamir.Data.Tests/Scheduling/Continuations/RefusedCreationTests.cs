using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Hostile;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling.Continuations;

public sealed class RefusedCreationOnSqlite() : RefusedCreationTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class RefusedCreationOnPostgreSql() : RefusedCreationTests(StorageKind.PostgreSql)
{
    [Fact]
    public async Task ContinueWith_WritesNothingIntoATransaction_WhenAFilterRefusesIt()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        await using var tables = new StoredTables(StorageKind.PostgreSql, ConnectionString, Schema);
        var parent = host.Jobs.Enqueue<ParentJob>();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        Assert.Throws<NotSupportedException>(() => host.Jobs.InTransaction(transaction).ContinueWith<RefusedJob>(parent));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Single(await tables.QueryAsync($"SELECT id FROM {tables.Name("job")}"));
        Assert.Null(host.Parameter(parent, "Continuations"));
    }
}

/// <summary>A job that a filter refuses leaves nothing behind, in no list of those that wait for its parent, either.</summary>
public abstract class RefusedCreationTests(StorageKind kind) : ContinuationTests(kind)
{
    // The filter comes after the one that writes the list of those that wait.
    [Fact]
    public async Task ContinueWith_WritesNothing_WhenAFilterRefusesIt()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        var parent = host.Jobs.Enqueue<ParentJob>();

        Assert.Equal("refused by a filter", Assert.Throws<NotSupportedException>(() => host.Jobs.ContinueWith<RefusedJob>(parent)).Message);

        Assert.Single(await tables.QueryAsync($"SELECT id FROM {tables.Name("job")}"));
        Assert.Null(host.Parameter(parent, "Continuations"));
        var child = host.Jobs.ContinueWith<ChildJob>(parent);
        Assert.Contains($"\"{child}\"", host.Parameter(parent, "Continuations"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnqueueMany_WritesNothing_WhenOneOfTheJobsCannotBeCreated()
    {
        await using var host = await StartAsync(static options => options.RunServer = false);
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);

        Assert.Equal(
            "refused by a filter",
            Assert.Throws<NotSupportedException>(() => host.Jobs.EnqueueMany<PickyJob, string>(["good", "good", "wrong"])).Message);

        Assert.Empty(await tables.QueryAsync($"SELECT id FROM {tables.Name("job")}"));
        Assert.Equal(2, host.Jobs.EnqueueMany<PickyJob, string>(["good", "good"]).Count);
    }
}
