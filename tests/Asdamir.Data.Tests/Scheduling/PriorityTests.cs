using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class PriorityOnSqlite() : PriorityTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class PriorityOnPostgreSql() : PriorityTests(StorageKind.PostgreSql)
{
    [Fact]
    public async Task Priority_IsThatOfAJob_InTheTransactionOfTheCaller()
    {
        await using var host = await StartClientAsync();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var job = await host.Jobs.InTransaction(transaction).EnqueueAsync<NoteJob>(new() { Priority = 1 }, Token);

        await transaction.CommitAsync(Token);

        Assert.Equal(1, await PriorityOfAsync(host, job));
    }
}

public abstract class PriorityTests(StorageKind kind) : OwnStorageTests(kind)
{
    [Fact]
    public async Task Jobs_AreExecutedInTheOrderOfTheirPriorities()
    {
        List<string> ids;
        await using (var client = await StartClientAsync())
        {
            ids =
            [
                client.Jobs.Enqueue<NoteJob>(new() { Priority = 9 }),
                client.Jobs.Enqueue<NoteJob>(),
                .. client.Jobs.EnqueueMany<LineJob, Line>([new("a"), new("b")], new() { Priority = 2 }),
                await client.Jobs.EnqueueAsync<UrgentJob>(ct: Token),
                client.Jobs.Enqueue<UrgentJob>(new() { Priority = 3 }),
            ];
        }

        await using var host = await StartAsync(static options => options.WorkerCount = 1);

        await host.WaitForAsync(ids[0], JobState.Succeeded);
        string[] order = [ids[4], ids[2], ids[3], ids[5], ids[1], ids[0]];
        var starts = order.Select(id => host.Services.GetRequiredService<IJobMonitor>().FindJobAsync(id, cancellationToken: Token));
        var times = (await Task.WhenAll(starts))
            .Select(static job => job!.History.Single(static entry => entry.State == "Processing").At)
            .ToList();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task Priority_IsOfTheCall_ThenOfTheJobType_ThenFive()
    {
        await using var host = await StartClientAsync();

        Assert.Equal(5, await PriorityOfAsync(host, host.Jobs.Enqueue<NoteJob>()));
        Assert.Equal(0, await PriorityOfAsync(host, host.Jobs.Enqueue<NoteJob>(new() { Priority = 0 })));
        Assert.Equal(1, await PriorityOfAsync(host, host.Jobs.Enqueue<UrgentJob>()));
        Assert.Equal(5, await PriorityOfAsync(host, host.Jobs.Enqueue<UrgentJob>(new() { Priority = 5 })));
        Assert.Equal(9, await PriorityOfAsync(host, host.Jobs.Enqueue<NoteJob>(new() { Delay = TimeSpan.FromDays(1), Priority = 9 })));
    }

    [Fact]
    public async Task RecurringJob_GivesItsJobsItsPriority_UntilItIsChanged()
    {
        await using var host = await StartClientAsync();
        await host.Jobs.AddOrUpdateRecurringAsync<NoteJob>("0 0 1 1 *", new() { Id = "a", Priority = 2 }, Token);
        host.Jobs.AddOrUpdateRecurring<UrgentJob>("0 0 1 1 *", new() { Id = "b" });
        Assert.Equal(2, await PriorityOfAsync(host, host.Jobs.TriggerRecurring("a")!));
        Assert.Equal(1, await PriorityOfAsync(host, host.Jobs.TriggerRecurring("b")!));

        host.Jobs.AddOrUpdateRecurring<NoteJob>("0 0 1 1 *", new() { Id = "a" });

        Assert.Equal(5, await PriorityOfAsync(host, host.Jobs.TriggerRecurring("a")!));
    }

    [Fact]
    public async Task Requeue_KeepsThePriority()
    {
        await using var host = await StartClientAsync();
        var job = host.Jobs.Enqueue<NoteJob>(new() { Priority = 1 });
        Assert.True(host.Jobs.Delete(job).IsDone);

        Assert.True(host.Jobs.Requeue(job).IsDone);

        Assert.Equal(1, await PriorityOfAsync(host, job));
        var listed = await host.Services.GetRequiredService<IJobMonitor>().GetJobsAsync(
            new JobListFilter { State = JobState.Enqueued }, 10, cancellationToken: Token);
        Assert.All(listed.Jobs, static summary => Assert.Equal(1, summary.Priority));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public async Task PriorityOutOfRange_IsRefusedByName(int priority)
    {
        await using var host = await StartClientAsync();

        foreach (var refused in new[]
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => host.Jobs.Enqueue<NoteJob>(new() { Priority = priority })),
            Assert.Throws<ArgumentOutOfRangeException>(
                () => host.Jobs.AddOrUpdateRecurring<NoteJob>("0 0 1 1 *", new() { Priority = priority })),
        })
        {
            Assert.Contains($"Priority is {priority}", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AttributeOutOfRange_IsRefusedAtTheStart()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => JobHost.StartClientAsync(static jobs => jobs.AddJob<WrongJob>()));

        Assert.Contains("[Priority(12)]", refused.ToString(), StringComparison.Ordinal);
    }

    private protected static async Task<int> PriorityOfAsync(JobHost host, string id) =>
        (await host.Services.GetRequiredService<IJobMonitor>().FindJobAsync(id, cancellationToken: Token))!.Priority;

    private protected Task<JobHost> StartClientAsync() => StartAsync(static options => options.RunServer = false);

    private protected Task<JobHost> StartAsync(Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        static jobs => jobs.AddJob<NoteJob>().AddJob<LineJob>().AddJob<UrgentJob>(),
        options =>
        {
            options.AppQueue = "priority";
            UseStorage(options);
            configure?.Invoke(options);
        });

    private protected sealed class NoteJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private protected sealed record Line(string Text);

    private protected sealed class LineJob : IJob<Line>
    {
        public Task<JobResult> ExecuteAsync(Line args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [Priority(1)]
    private protected sealed class UrgentJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [Priority(12)]
    private sealed class WrongJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}

/// <summary>Storages that do not observe priorities.</summary>
public sealed class PriorityElsewhereTests
{
    [Fact]
    public async Task Priority_IsRefusedByTheCall()
    {
        await using var host = await JobHost.StartClientAsync(static jobs => jobs.AddJob<PlainJob>());

        foreach (var refused in new[]
        {
            Assert.Throws<NotSupportedException>(() => host.Jobs.Enqueue<PlainJob>(new JobOptions { Priority = 1 })),
            Assert.Throws<NotSupportedException>(
                () => host.Jobs.AddOrUpdateRecurring<PlainJob>("0 0 1 1 *", new RecurringOptions { Priority = 1 })),
        })
        {
            Assert.Contains("PlainJob", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        }
        Assert.NotNull(host.Jobs.Enqueue<PlainJob>(new JobOptions { Priority = 5 }));
    }

    [Fact]
    public async Task PrioritizedJobType_IsRefusedAtTheStart()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => JobHost.StartClientAsync(static jobs => jobs.AddJob<RankedJob>()));

        Assert.Contains("[Priority]", refused.Message, StringComparison.Ordinal);
        Assert.Contains("RankedJob", refused.Message, StringComparison.Ordinal);
    }

    private sealed class PlainJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [Priority(1)]
    private sealed class RankedJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
