using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Tests.Hostile;
using Npgsql;

namespace Asdamir.Data.Tests.Execution;

/// <summary>A job that ends in its own transaction is Succeeded exactly when that commits.</summary>
[NeedsPostgreSql]
public sealed class CompleteInTests() : ScriptedJobTests(StorageKind.PostgreSql)
{
    [Fact]
    public async Task Job_IsSucceededWithItsOutput_WhenItsTransactionCommits()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        JobHost? host = null;
        JobState? before = null;
        await using var running = host = await StartAsync(async (ctx, ct) =>
        {
            await using var transaction = await books.BeginAsync(ctx.JobId, ct);
            await ctx.CompleteInAsync(transaction, new { Rows = 7 }, ct);
            before = host!.Jobs.Find(ctx.JobId)!.State;
            await transaction.CommitAsync(ct);
        });
        var parent = host.Jobs.Schedule<ScriptedJob>(TimeSpan.FromDays(1));
        var child = host.Jobs.ContinueWith<ScriptedJob>(parent);
        Assert.True(host.Jobs.Requeue(parent).IsDone);

        var job = await host.WaitForAsync(parent, JobState.Succeeded);
        await host.WaitForAsync(child, JobState.Succeeded);

        Assert.Equal(JobState.Processing, before);
        Assert.Equal("""{"duration":null,"output":{"rows":7}}""", job.ResultJson);
        Assert.Equal([parent, child], await books.ReadAsync());
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued", "Scheduled"],
            host.Storage.GetMonitoringApi().JobDetails(parent).History.Select(static entry => entry.StateName));
        Assert.Equal(2, host.Storage.GetMonitoringApi().GetStatistics().Succeeded);
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        Assert.Empty(await tables.QueryAsync($"SELECT id FROM {tables.Name("queue")}"));
    }

    [Theory]
    [InlineData("rolled back")]
    [InlineData("not committed")]
    [InlineData("failed")]
    public async Task Attempt_HasFailed_WhenItsTransactionDidNotCommit(string how)
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await using var transaction = await books.BeginAsync($"{ctx.JobId} {ctx.Attempt}", ct);
            await ctx.CompleteInAsync(transaction, ct: ct);
            if (ctx.Attempt == 2)
                await transaction.CommitAsync(ct);
            else if (how == "rolled back")
                await transaction.RollbackAsync(ct);
            else if (how == "failed")
                throw new TimeoutException("before the commit");
        });

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.Equal([$"{job} 2"], await books.ReadAsync());
        Assert.Contains(
            how == "failed" ? "before the commit" : "its transaction had not committed",
            Assert.Single(host.Logs.With(1122)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_Stands_WhenTheJobThrowsAfterTheCommit()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await using var transaction = await books.BeginAsync(ctx.JobId, ct);
            await ctx.CompleteInAsync(transaction, ct: ct);
            await transaction.CommitAsync(ct);
            throw new TimeoutException("too late");
        });

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await Until.TrueAsync(() => host.Logs.With(1108).Any(), "it is reported");
        await host.StopAsync();

        Assert.Equal(JobState.Succeeded, host.Jobs.Find(job)!.State);
        Assert.Equal([job], await books.ReadAsync());
    }

    [Fact]
    public async Task Success_Stands_WhenAMiddlewareThrowsAfterTheCommit()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        await using var host = await StartAsync(
            async (ctx, ct) =>
            {
                await using var transaction = await books.BeginAsync(ctx.JobId, ct);
                await ctx.CompleteInAsync(transaction, ct: ct);
                await transaction.CommitAsync(ct);
            },
            add: static jobs => jobs.AddMiddleware<TooLate>());

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await Until.TrueAsync(() => host.Logs.With(1108).Any(), "it is reported");
        await host.StopAsync();

        Assert.Equal(JobState.Succeeded, host.Jobs.Find(job)!.State);
        Assert.Equal([job], await books.ReadAsync());
    }

    [Fact]
    public async Task End_IsThatOfTheTransaction_WhenItCommitsAfterTheJobHasReturned()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        NpgsqlTransaction? left = null;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            left = await books.BeginAsync(ctx.JobId, ct);
            await ctx.CompleteInAsync(left, ct: ct);
        });
        var job = host.Jobs.Enqueue<ScriptedJob>();
        await Until.TrueAsync(() => left is not null, "the job is executed");
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        await left!.CommitAsync(TestContext.Current.CancellationToken);
        await host.WaitForAsync(job, JobState.Succeeded);
        await host.StopAsync();

        Assert.Equal([job], await books.ReadAsync());
        Assert.Equal(JobState.Succeeded, host.Jobs.Find(job)!.State);
    }

    [Fact]
    public async Task Transaction_CannotCommit_WhenTheJobWasGivenToAnotherWorker()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        ConcurrentQueue<Exception?> errors = [];
        var deliveries = 0;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var delivery = Interlocked.Increment(ref deliveries);
            await using var transaction = await books.BeginAsync($"{ctx.JobId} {delivery}", CancellationToken.None);
            if (delivery == 1)
            {
                await tables.ExecuteAsync(
                    $"UPDATE {tables.Name("queue")} SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL");
            }
            errors.Enqueue(await Record.ExceptionAsync(() => ctx.CompleteInAsync(transaction, ct: CancellationToken.None)));
            // It swallows the error and goes on.
            errors.Enqueue(await Record.ExceptionAsync(() => transaction.CommitAsync(CancellationToken.None)));
        });

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await Until.TrueAsync(() => errors.Count == 4, "both attempts are over");
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.Equal([$"{job} 2"], await books.ReadAsync());
        Assert.Single(errors, static error => error is JobLostException);
        Assert.Single(errors, static error => error is InvalidOperationException);
        Assert.Equal(2, errors.Count(static error => error is null));
    }

    [Fact]
    public async Task Transaction_CannotCommit_WhenTheJobWasDeleted()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        Exception? error = null;
        JobHost? host = null;
        await using var running = host = await StartAsync(async (ctx, _) =>
        {
            await using var transaction = await books.BeginAsync(ctx.JobId, CancellationToken.None);
            Assert.True(host!.Jobs.Delete(ctx.JobId).IsDone);
            error = await Record.ExceptionAsync(() => ctx.CompleteInAsync(transaction, ct: CancellationToken.None));
            host.Probe.Note("refused");
        });

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.Probe.NotedAsync("refused");
        await host.StopAsync();

        Assert.IsType<JobLostException>(error);
        Assert.Empty(await books.ReadAsync());
        Assert.Equal(JobState.Deleted, host.Jobs.Find(job)!.State);
    }

    [Fact]
    public async Task Steps_AreRefusedAfterTheCall_AndWhatWasSetAndLoggedIsKept()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        Exception? error = null;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await using var transaction = await books.BeginAsync(ctx.JobId, ct);
            ctx.Cursor<int>("rows").MoveTo(7);
            await ctx.StepAsync("before", static _ => Task.CompletedTask, ct);
            await ctx.CompleteInAsync(transaction, ct: ct);
            error = await Record.ExceptionAsync(() => ctx.StepAsync("after", static _ => Task.CompletedTask, ct));
            await transaction.CommitAsync(ct);
            ctx.ReportProgress(100, "booked");
        });

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(job, JobState.Succeeded);
        await host.StopAsync();

        Assert.Contains("before CompleteInAsync", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        var notes = new JobMetadata(host.Storage);
        Assert.Equal("before", Assert.Single(StepNotes.ReadSteps(notes, job)).Name);
        Assert.Equal("7", Assert.Single(StepNotes.ReadCursors(notes, job)).Value.GetRawText());
        Assert.Equal("booked", host.Jobs.Find(job)!.Progress!.Text);
    }

    [Fact]
    public async Task Job_MayTryAgain_AfterARollback()
    {
        await using var books = await Books.OpenAsync(ConnectionString);
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await using (var first = await books.BeginAsync("first", ct))
            {
                await ctx.CompleteInAsync(first, ct: ct);
                await using var other = await books.BeginAsync("other", ct);
                await Assert.ThrowsAsync<InvalidOperationException>(() => ctx.CompleteInAsync(other, ct: ct));
            }
            await using var second = await books.BeginAsync("second", ct);
            await ctx.CompleteInAsync(second, ct: ct);
            await second.CommitAsync(ct);
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal(["second"], await books.ReadAsync());
    }

    /// <summary>A table of the app beside the jobs.</summary>
    private sealed class TooLate : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            await next();
            throw new TimeoutException("too late");
        }
    }

    private sealed class Books(NpgsqlDataSource database, string table) : IAsyncDisposable
    {
        public static async Task<Books> OpenAsync(string connectionString)
        {
            var table = $"books_{Guid.NewGuid():N}";
            var database = NpgsqlDataSource.Create(connectionString);
            await using var create = database.CreateCommand($"CREATE TABLE {table} (id bigint GENERATED ALWAYS AS IDENTITY, entry text)");
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            return new Books(database, table);
        }

        public async Task<NpgsqlTransaction> BeginAsync(string entry, CancellationToken cancellationToken)
        {
            var connection = await database.OpenConnectionAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var insert = new NpgsqlCommand($"INSERT INTO {table} (entry) VALUES ($1)", connection, transaction)
            {
                Parameters = { new() { Value = entry } },
            };
            await insert.ExecuteNonQueryAsync(cancellationToken);
            return transaction;
        }

        public async Task<List<string>> ReadAsync()
        {
            await using var command = database.CreateCommand($"SELECT entry FROM {table} ORDER BY id");
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            List<string> entries = [];
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                entries.Add(reader.GetString(0));
            return entries;
        }

        public ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
