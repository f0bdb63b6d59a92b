using Asdamir.Data.HangfireJobs;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

[NeedsPostgreSql]
public sealed class InTransactionTests
{
    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Jobs_ExistExactlyWhenTheTransactionCommits(bool commit)
    {
        var server = await SharedPostgres.GetAsync();
        await using var host = await JobHost.StartClientAsync(
            jobs => jobs.AddJob<IdleJob>(),
            options => (options.AppQueue, options.Storage.Provider, options.Storage.ConnectionString, options.Storage.Schema) =
                ("crm", "PostgreSql", server.ConnectionString, server.NewSchema()));
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        var joined = host.Jobs.InTransaction(transaction);
        var parent = joined.Enqueue<IdleJob>();
        var child = joined.ContinueWith<IdleJob>(parent);
        Assert.Equal((null, null), (host.Jobs.Find(parent), host.Jobs.Find(child)));
        if (commit)
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        else
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.Equal(commit ? JobState.Enqueued : null, host.Jobs.Find(parent)?.State);
        Assert.Equal(commit ? JobState.Awaiting : null, host.Jobs.Find(child)?.State);
    }

    [Fact]
    public async Task InTransaction_SaysWhatToDo_OnAnotherStorage()
    {
        await using var host = await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>());
        await using var connection = new NpgsqlConnection((await SharedPostgres.GetAsync()).ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        var error = Assert.Throws<NotSupportedException>(() => host.Jobs.InTransaction(transaction));

        Assert.Contains("HangfireJobs:Storage:Provider to PostgreSql", error.Message, StringComparison.Ordinal);
    }
}
