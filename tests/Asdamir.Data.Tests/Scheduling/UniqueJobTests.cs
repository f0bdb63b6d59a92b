using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class UniqueJobsOnSqlite() : UniqueJobTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class UniqueJobsOnPostgreSql() : UniqueJobTests(StorageKind.PostgreSql)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Key_IsTakenInTheTransactionOfTheCaller_ExactlyWhenThatCommits(bool commit)
    {
        await using var host = await StartClientAsync();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var inside = host.Jobs.InTransaction(transaction);
        var first = await inside.TryEnqueueAsync<WaitJob>(new() { UniqueKey = "a", IdempotencyKey = "call" }, Token);
        var again = inside.TryEnqueue<WaitJob>(new() { UniqueKey = "a" });
        Assert.Equal((false, true, first.JobId), (first.Existed, again.Existed, again.JobId));

        if (commit)
            await transaction.CommitAsync(Token);
        else
            await transaction.RollbackAsync(Token);

        var after = host.Jobs.TryEnqueue<WaitJob>(new() { IdempotencyKey = "call" });
        Assert.Equal(commit, after.Existed);
        Assert.Equal(commit, after.JobId == first.JobId);
    }
}

public abstract class UniqueJobTests(StorageKind kind) : OwnStorageTests(kind)
{
    [Fact]
    public async Task UniqueKey_LetsOneJobWait_AndIsOfItsJobTypeOnly()
    {
        await using var host = await StartClientAsync();
        JobOptions options = new() { UniqueKey = "import:42" };

        var first = host.Jobs.TryEnqueue<WaitJob>(options);
        var second = await host.Jobs.TryEnqueueAsync<WaitJob>(options, Token);
        var later = host.Jobs.TryEnqueue<WaitJob>(options with { Delay = TimeSpan.FromHours(1) });
        var other = host.Jobs.TryEnqueue<FailJob>(options);

        Assert.Equal(new EnqueueResult { JobId = first.JobId }, first);
        Assert.Equal(new EnqueueResult { JobId = first.JobId, Existed = true }, second);
        Assert.Equal(second, later);
        Assert.False(other.Existed);
        Assert.Equal(first.JobId, host.Jobs.Enqueue<WaitJob>(options));
        Assert.Equal(first.JobId, await host.Jobs.EnqueueAsync<WaitJob>(options, Token));
    }

    [Fact]
    public async Task UniqueKey_IsKeptOverRetries_AndFreeAfterTheLastAttempt()
    {
        await using var host = await StartAsync(static options =>
            options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.FromDays(1), MaxDelay = TimeSpan.FromDays(1) });
        JobOptions options = new() { UniqueKey = "a" };
        var job = host.Jobs.Enqueue<FailJob>(options);
        await host.WaitForAsync(job, JobState.Scheduled);
        Assert.Equal(new EnqueueResult { JobId = job, Existed = true }, host.Jobs.TryEnqueue<FailJob>(options));

        Assert.True(host.Jobs.Requeue(job).IsDone);
        await host.WaitForAsync(job, JobState.Scheduled);
        Assert.True(host.Jobs.Delete(job).IsDone);

        Assert.False(host.Jobs.TryEnqueue<FailJob>(options).Existed);
    }

    [Fact]
    public async Task UniqueKey_IsFree_WhenTheJobHasSucceeded()
    {
        await using var host = await StartAsync();
        JobOptions options = new() { UniqueKey = "a" };
        var first = host.Jobs.Enqueue<WaitJob>(options);
        Assert.Equal(first, host.Jobs.Enqueue<WaitJob>(options));
        host.Probe.Open("end");
        await host.WaitForAsync(first, JobState.Succeeded);

        var second = host.Jobs.Enqueue<WaitJob>(options);

        Assert.NotEqual(first, second);
        await host.WaitForAsync(second, JobState.Succeeded);
    }

    [Fact]
    public async Task Requeue_IsRefusedWithTheOtherJob_WhenTheKeyIsTaken()
    {
        await using var host = await StartClientAsync();
        JobOptions options = new() { UniqueKey = "a" };
        var first = host.Jobs.Enqueue<WaitJob>(options);
        host.Jobs.Delete(first);
        var second = host.Jobs.Enqueue<WaitJob>(options);

        foreach (var refused in new[] { host.Jobs.Requeue(first), await host.Jobs.RequeueAsync(first, Token) })
        {
            Assert.False(refused.IsDone);
            Assert.Contains($"job {second}", refused.Reason, StringComparison.Ordinal);
        }
        // As the API and the console ask for it.
        var report = await host.Services.GetRequiredService<IJobMonitor>().ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.Requeue, Jobs = [new JobReference { Id = first }], User = "operator" },
            cancellationToken: Token);
        Assert.Contains($"job {second}", Assert.Single(report.Remarks).Reason, StringComparison.Ordinal);
        Assert.Equal(JobState.Deleted, host.Jobs.Find(first)!.State);
    }

    [Fact]
    public async Task IdempotencyKey_GivesTheFirstJob_AlsoWhenThatHasEnded()
    {
        await using var host = await StartClientAsync();
        JobOptions options = new() { IdempotencyKey = "order-42-mail", IdempotentFor = TimeSpan.FromDays(1) };
        var first = host.Jobs.Enqueue<WaitJob>(options);
        host.Jobs.Delete(first);

        Assert.Equal(new EnqueueResult { JobId = first, Existed = true }, await host.Jobs.TryEnqueueAsync<WaitJob>(options, Token));
        Assert.NotEqual(first, host.Jobs.Enqueue<FailJob>(options));
    }

    [Fact]
    public async Task IdempotencyKey_OfManyJobs_NamesEachByItsPlace()
    {
        await using var host = await StartClientAsync();
        JobOptions options = new() { IdempotencyKey = "import" };

        var first = host.Jobs.EnqueueMany<FileJob, File>([new(1, "a"), new(2, "b")], options);
        var again = await host.Jobs.TryEnqueueManyAsync<FileJob, File>([new(1, "a"), new(2, "b"), new(3, "c")], options, Token);

        Assert.Equal(first, again.Take(2).Select(static result => result.JobId));
        Assert.Equal([true, true, false], again.Select(static result => result.Existed));
    }

    [Fact]
    public async Task UniqueJobType_ComparesTheMarkedArguments()
    {
        await using var host = await StartClientAsync();

        var jobs = host.Jobs.TryEnqueueMany<FileJob, File>([new(1, "a"), new(1, "b"), new(2, "a")]);

        Assert.Equal([false, true, false], jobs.Select(static result => result.Existed));
        Assert.Equal(jobs[0].JobId, jobs[1].JobId);
        Assert.True(host.Jobs.TryEnqueue(new File(2, "c")).Existed);
        Assert.False(host.Jobs.TryEnqueue(new File(2, "c"), new JobOptions { UniqueKey = "mine" }).Existed);
    }

    [Fact]
    public async Task UniqueJobType_ComparesAllArguments_WhenNoneIsMarked()
    {
        await using var host = await StartClientAsync();
        var text = new string('ä', 5_000);

        var jobs = host.Jobs.TryEnqueueMany<NoteJob, Note>([new("a", text), new("a", text), new("a", text + "."), new("b", text)]);

        Assert.Equal([false, true, false, false], jobs.Select(static result => result.Existed));
    }

    [Fact]
    public async Task Continuation_WithATakenKey_IsNotCreated()
    {
        await using var host = await StartClientAsync();
        var parent = host.Jobs.Enqueue<WaitJob>();
        var child = host.Jobs.ContinueWith<DailyJob>(parent);

        var again = await host.Jobs.TryEnqueueAsync<DailyJob>(new() { After = parent }, Token);

        Assert.Equal(new EnqueueResult { JobId = child, Existed = true }, again);
        Assert.DoesNotContain(',', host.Parameter(parent, "Continuations")!.Split("}")[1]);
    }

    [Fact]
    public async Task RecurringJob_SkipsAnOccurrenceVisibly_WhileTheKeyIsTaken()
    {
        await using var host = await StartClientAsync();
        await host.Jobs.AddOrUpdateRecurringAsync<DailyJob>("0 0 1 1 *", ct: Token);
        var first = host.Jobs.TriggerRecurring("DailyJob")!;

        var skipped = (await host.Jobs.TriggerRecurringAsync("DailyJob", Token))!;

        var job = host.Jobs.Find(skipped)!;
        Assert.Equal(JobState.Deleted, job.State);
        Assert.Contains($"job {first} ", job.Reason, StringComparison.Ordinal);
        host.Jobs.Delete(first);
        Assert.Equal(JobState.Enqueued, host.Jobs.Find(host.Jobs.TriggerRecurring("DailyJob")!)!.State);
    }

    [Fact]
    public async Task Monitor_ShowsTheKeys()
    {
        await using var host = await StartClientAsync();
        var job = host.Jobs.Enqueue<WaitJob>(new() { UniqueKey = "a \"b\"", IdempotencyKey = "c" });

        var details = await host.Services.GetRequiredService<IJobMonitor>().FindJobAsync(job, cancellationToken: Token);

        Assert.Equal(("a \"b\"", "c"), (details!.UniqueKey, details.IdempotencyKey));
    }

    [Fact]
    public async Task InvalidKeys_AreRefusedByName()
    {
        await using var host = await StartClientAsync();
        Refuses("UniqueKey", new() { UniqueKey = "" });
        Refuses("UniqueKey", new() { UniqueKey = new string('x', 10_000) });
        Refuses("IdempotencyKey", new() { IdempotencyKey = "a\0" });
        Refuses("IdempotencyKey", new() { IdempotencyKey = "\ud800" });
        Refuses("IdempotencyKey", new() { IdempotentFor = TimeSpan.FromDays(1) });
        Refuses("IdempotentFor", new() { IdempotencyKey = "a", IdempotentFor = TimeSpan.Zero });
        Refuses("IdempotentFor", new() { IdempotencyKey = "a", IdempotentFor = TimeSpan.FromDays(4000) });

        void Refuses(string name, JobOptions options)
        {
            var refused = Assert.ThrowsAny<ArgumentException>(() => host.Jobs.Enqueue<WaitJob>(options));
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
    }

    private protected Task<JobHost> StartClientAsync() => StartAsync(static options => options.RunServer = false);

    private protected Task<JobHost> StartAsync(Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        static jobs => jobs.AddJob<WaitJob>().AddJob<FailJob>().AddJob<FileJob>().AddJob<NoteJob>().AddJob<DailyJob>(),
        options =>
        {
            options.AppQueue = "unique";
            UseStorage(options);
            configure?.Invoke(options);
        });

    private protected sealed class WaitJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            await probe.GateAsync("end", ct);
            return JobResult.Success();
        }
    }

    private protected sealed class FailJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new TimeoutException("busy");
    }

    private protected sealed record File([UniqueKey] int Customer, string Path);

    [Unique]
    private protected sealed class FileJob : IJob<File>
    {
        public Task<JobResult> ExecuteAsync(File args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private protected sealed record Note(string Title, string Text);

    [Unique]
    private protected sealed class NoteJob : IJob<Note>
    {
        public Task<JobResult> ExecuteAsync(Note args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [Unique]
    private protected sealed class DailyJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}

/// <summary>Storages that do not observe keys.</summary>
public sealed class UniqueJobsElsewhereTests
{
    [Fact]
    public async Task Key_IsRefusedByTheCall()
    {
        await using var host = await JobHost.StartClientAsync(static jobs => jobs.AddJob<PlainJob>());

        var refused = Assert.Throws<NotSupportedException>(() => host.Jobs.Enqueue<PlainJob>(new JobOptions { UniqueKey = "a" }));

        Assert.Contains("PlainJob", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UniqueJobType_IsRefusedAtTheStart()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => JobHost.StartClientAsync(static jobs => jobs.AddJob<LonelyJob>()));

        Assert.Contains("[Unique]", refused.Message, StringComparison.Ordinal);
        Assert.Contains("LonelyJob", refused.Message, StringComparison.Ordinal);
    }

    private sealed class PlainJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [Unique]
    private sealed class LonelyJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
