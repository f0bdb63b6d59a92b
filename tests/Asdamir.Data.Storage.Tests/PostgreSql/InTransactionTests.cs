using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Dapper;
using Hangfire;
using Hangfire.States;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

[NeedsPostgreSql]
public sealed class InTransactionTests() : OwnStorageTests(static place =>
    new PostgreSqlJobStorage(
        place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, PollInterval = PostgreSqlConformance.RarePoll }))
{
    private PostgreSqlJobStorage PostgreSql => (PostgreSqlJobStorage)Storage;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enqueue_IsVisibleExactlyWhenTheTransactionCommits_WithDapper(bool commit)
    {
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync($"create table {Place.Schema}_orders (id int)");
        string id;
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await connection.ExecuteAsync($"insert into {Place.Schema}_orders values (4711)", transaction: transaction);
            id = new BackgroundJobClient(PostgreSql.InTransaction(transaction)).Enqueue(() => SampleJobs.Take("4711"));
            Assert.Equal((0, null), (Waiting, StateOf(id)));
            if (commit)
                await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(commit ? (1, "Enqueued") : (0, null), (Waiting, StateOf(id)));
        Assert.Equal(commit ? 1 : 0, await connection.ExecuteScalarAsync<int>($"select count(*) from {Place.Schema}_orders"));
    }

    [Fact]
    public async Task Enqueue_JoinsTheTransaction_OfEntityFramework()
    {
        await using var orders = new Orders(new DbContextOptionsBuilder<Orders>().UseNpgsql(Place.PostgreSql).Options);
        await using var transaction = await orders.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await orders.Database.ExecuteSqlAsync($"select 1", TestContext.Current.CancellationToken);
        var client = new BackgroundJobClient(PostgreSql.InTransaction((NpgsqlTransaction)transaction.GetDbTransaction()));
        var first = client.Enqueue(() => SampleJobs.Take("first"));
        var second = client.ContinueJobWith(first, () => SampleJobs.Take("second"));
        client.Schedule(() => SampleJobs.Take("third"), TimeSpan.FromHours(1));
        Assert.Equal(0, Waiting);

        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("Enqueued", "Awaiting"), (StateOf(first), StateOf(second)));
        Assert.Equal(1, Storage.GetMonitoringApi().ScheduledCount());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_IsVisibleExactlyWhenTheTransactionCommits(bool commit)
    {
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        string first;
        string second;
        await using (
            var batch = await ((IBatchingJobStorage)PostgreSql.InTransaction(transaction))
                .CreateBatchAsync(2, TestContext.Current.CancellationToken))
        {
            var client = new BackgroundJobClient(batch);
            first = client.Enqueue(() => SampleJobs.Take("first"));
            second = client.ContinueJobWith(first, () => SampleJobs.Take("second"));
            await batch.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal((0, null), (Waiting, StateOf(first)));
        if (commit)
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        else
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.Equal(commit ? ("Enqueued", "Awaiting") : (null, null), (StateOf(first), StateOf(second)));
    }

    [Fact]
    public async Task CommittedJob_WakesAnIdleWorkerAtOnce()
    {
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 1 }, Storage);
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var id = new BackgroundJobClient(PostgreSql.InTransaction(transaction)).Enqueue(() => SampleJobs.Take("x"));

        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        var committedAt = DateTime.UtcNow;

        // The threads of tests can be busy for longer than the limit, so the history of the job says how soon it was.
        await Until.TrueAsync(() => StateOf(id) == SucceededState.StateName, "the job is executed");
        var succeededAt = Storage.GetMonitoringApi().JobDetails(id).History[0].CreatedAt;
        Assert.True(
            succeededAt - committedAt < PostgreSqlConformance.BeforeAnyPoll, $"committed {committedAt:O}, succeeded {succeededAt:O}");
    }

    [Fact]
    public async Task Use_Throws_WhenTheTransactionHasEnded()
    {
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var storage = PostgreSql.InTransaction(transaction);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        var late = Assert.Throws<BackgroundJobClientException>(() => new BackgroundJobClient(storage).Enqueue(() => SampleJobs.Take("x")));

        Assert.Contains("Transaction is already completed", late.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(0, Waiting);
        await transaction.DisposeAsync();
        Assert.Throws<ArgumentException>(() => PostgreSql.InTransaction(transaction));
    }

    private long Waiting => Storage.GetMonitoringApi().EnqueuedCount("default");

    private string? StateOf(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetStateData(id)?.Name;
    }

    private sealed class Orders(DbContextOptions<Orders> options) : DbContext(options);
}
