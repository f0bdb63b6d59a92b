using Asdamir.Data.HangfireJobs;
using Hangfire.Client;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>The asynchronous calls do what the blocking ones do, on each storage.</summary>
[NeedsPostgreSql]
public sealed class AsyncCallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<StorageKind> Storages => [StorageKind.InMemory, StorageKind.Sqlite, StorageKind.PostgreSql];

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task EnqueueingCalls_StoreTheJob_InTheStateOfTheirOptions(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ClientAsync(kind, folder);
        var jobs = host.Jobs;
        var later = DateTimeOffset.UtcNow.AddHours(1);

        var parent = await jobs.EnqueueAsync<IdleJob>(ct: Token);
        var waiting = new[]
        {
            await jobs.EnqueueAsync<TextJob, string>("by job type", ct: Token),
            await jobs.EnqueueAsync(new Order(1), ct: Token),
        };
        var scheduled = new[]
        {
            await jobs.EnqueueAsync<IdleJob>(new JobOptions { RunAt = later }, Token),
            await jobs.EnqueueAsync(new Order(2), new JobOptions { Delay = TimeSpan.FromHours(1) }, Token),
            await jobs.ScheduleAsync<IdleJob>(TimeSpan.FromHours(1), Token),
            await jobs.ScheduleAsync<TextJob, string>("later", later, Token),
        };
        var awaiting = new[]
        {
            await jobs.ContinueWithAsync<IdleJob>(parent, ct: Token),
            await jobs.ContinueWithAsync<TextJob, string>("after", parent, ContinueOn.AnyEnd, Token),
            await jobs.EnqueueAsync(new Order(3), new JobOptions { After = parent }, Token),
        };

        Assert.All(waiting.Append(parent), id => Assert.Equal(JobState.Enqueued, jobs.Find(id)!.State));
        Assert.All(scheduled, id => Assert.Equal(JobState.Scheduled, jobs.Find(id)!.State));
        Assert.All(awaiting, id => Assert.Equal(JobState.Awaiting, jobs.Find(id)!.State));
        Assert.Equal(nameof(OrderJob), (await jobs.FindAsync(waiting[1], Token))!.JobName);
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task EnqueueManyAsync_ReturnsTheIdsInOrder_AlsoOfContinuations(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ClientAsync(kind, folder);
        var parent = await host.Jobs.EnqueueAsync<IdleJob>(ct: Token);

        var ids = await host.Jobs.EnqueueManyAsync<TextJob, string>(Enumerable.Range(0, 400).Select(i => $"{i}"), ct: Token);
        var continuations = await host.Jobs.EnqueueManyAsync<TextJob, string>(["a", "b"], new JobOptions { After = parent }, Token);

        Assert.Equal(401, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
        Assert.Equal(400, ids.Distinct().Count());
        Assert.All(continuations, id => Assert.Equal(JobState.Awaiting, host.Jobs.Find(id)!.State));
        Assert.All(continuations, id => Assert.Contains(id, host.Parameter(parent, "Continuations"), StringComparison.Ordinal));
        Assert.Empty(await host.Jobs.EnqueueManyAsync<TextJob, string>([], ct: Token));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task Continuation_IsExecuted_WhenItsParentEnds(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await JobHost.StartAsync(AddJobs, await ConfigureAsync(kind, folder));

        var parent = await host.Jobs.EnqueueAsync<IdleJob>(ct: Token);
        List<string> children = [];
        for (var i = 0; i < 20; i++)
            children.Add(await host.Jobs.ContinueWithAsync<TextJob, string>($"{i}", parent, ct: Token));

        foreach (var child in children)
            await host.WaitForAsync(child, JobState.Succeeded);
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task RecurringCalls_DoWhatTheBlockingOnesDo(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ClientAsync(kind, folder);
        var jobs = host.Jobs;

        await jobs.AddOrUpdateRecurringAsync<IdleJob>("@daily", new RecurringOptions { Id = "sweep" }, Token);
        await jobs.AddOrUpdateRecurringAsync<TextJob, string>("x", "@daily", ct: Token);
        var triggered = await jobs.TriggerRecurringAsync("sweep", Token);

        Assert.Equal(JobState.Enqueued, jobs.Find(triggered!)!.State);
        Assert.Equal(
            (true, true, true),
            (await jobs.PauseRecurringAsync("sweep", "why", Token), await jobs.ResumeRecurringAsync("sweep", Token),
                await jobs.RemoveRecurringAsync("sweep", Token)));
        Assert.Equal((false, null), (await jobs.RemoveRecurringAsync("sweep", Token), await jobs.TriggerRecurringAsync("sweep", Token)));
        Assert.NotNull(jobs.TriggerRecurring(nameof(TextJob)));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task DeleteAndRequeue_MoveTheJob(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ClientAsync(kind, folder);
        var id = await host.Jobs.EnqueueAsync<IdleJob>(new JobOptions { Delay = TimeSpan.FromHours(1) }, Token);

        Assert.True((await host.Jobs.DeleteAsync(id, Token)).IsDone);
        Assert.Equal(JobState.Deleted, host.Jobs.Find(id)!.State);
        Assert.False((await host.Jobs.DeleteAsync(id, Token)).IsDone);
        Assert.True((await host.Jobs.RequeueAsync(id, Token)).IsDone);

        Assert.Equal(JobState.Enqueued, host.Jobs.Find(id)!.State);
        Assert.Equal(1, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task Calls_StoreNothing_WhenTheirTokenIsCancelled(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ClientAsync(kind, folder);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Jobs.EnqueueAsync<IdleJob>(ct: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Jobs.EnqueueManyAsync<TextJob, string>(["x"], ct: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => host.Jobs.AddOrUpdateRecurringAsync<IdleJob>("@daily", ct: cancelled));

        var counts = host.Storage.GetMonitoringApi().GetStatistics();
        Assert.Equal((0, 0), (counts.Enqueued, counts.Recurring));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task Calls_FailThroughTheirTask_AndStoreNothing(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ClientAsync(kind, folder);

        var unknown = host.Jobs.EnqueueAsync<IdleJob>(new JobOptions { After = "4711" }, Token);
        var wrong = host.Jobs.EnqueueAsync<TextJob, string>(null!, ct: Token);
        var refused = host.Jobs.EnqueueManyAsync<RefusedJob, string>(["x", "y"], ct: Token);

        Assert.Contains("'4711'", (await Assert.ThrowsAsync<ArgumentException>(() => unknown)).Message, StringComparison.Ordinal);
        Assert.Equal("args", (await Assert.ThrowsAsync<ArgumentNullException>(() => wrong)).ParamName);
        Assert.Equal("refused by a filter", (await Assert.ThrowsAsync<NotSupportedException>(() => refused)).Message);
        Assert.Equal(0, host.Storage.GetMonitoringApi().GetStatistics().Enqueued);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InTransaction_StoresExactlyWhenTheTransactionCommits(bool commit)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ClientAsync(StorageKind.PostgreSql, folder);
        await using var connection = new NpgsqlConnection((await SharedPostgres.GetAsync()).ConnectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);

        var joined = host.Jobs.InTransaction(transaction);
        var parent = await joined.EnqueueAsync<IdleJob>(ct: Token);
        var child = await joined.ContinueWithAsync<IdleJob>(parent, ct: Token);
        var many = await joined.EnqueueManyAsync<TextJob, string>(["a", "b"], ct: Token);
        Assert.Null(host.Jobs.Find(parent));
        if (commit)
            await transaction.CommitAsync(Token);
        else
            await transaction.RollbackAsync(Token);

        Assert.Equal(commit ? JobState.Enqueued : null, host.Jobs.Find(parent)?.State);
        Assert.Equal(commit ? JobState.Awaiting : null, host.Jobs.Find(child)?.State);
        Assert.All(many, id => Assert.Equal(commit, host.Jobs.Find(id) is not null));
    }

    private static async Task<JobHost> ClientAsync(StorageKind kind, TemporaryFolder folder) =>
        await JobHost.StartClientAsync(AddJobs, await ConfigureAsync(kind, folder));

    private static void AddJobs(IHangfireJobsBuilder jobs) =>
        jobs.AddJob<IdleJob>().AddJob<TextJob>().AddJob<OrderJob>().AddJob<RefusedJob>();

    private static async Task<Action<HangfireJobsOptions>> ConfigureAsync(StorageKind kind, TemporaryFolder folder)
    {
        var server = kind == StorageKind.PostgreSql ? await SharedPostgres.GetAsync() : null;
        return options =>
        {
            options.AppQueue = "crm";
            options.Storage.Provider = kind.ToString();
            if (kind == StorageKind.Sqlite)
                options.Storage.ConnectionString = $"Data Source={Path.Combine(folder.Path, "jobs.db")}";
            if (server is null)
                return;
            options.Storage.ConnectionString = server.ConnectionString;
            options.Storage.Schema = server.NewSchema();
        };
    }

    private sealed record Order(int Id);

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class TextJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private sealed class OrderJob : IJob<Order>
    {
        public Task<JobResult> ExecuteAsync(Order args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [Refuse]
    private sealed class RefusedJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class RefuseAttribute : Hangfire.Common.JobFilterAttribute, IClientFilter
    {
        public void OnCreating(CreatingContext context)
        {
            if (((string)context.Job.Args[1]).Contains('y', StringComparison.Ordinal))
                throw new NotSupportedException("refused by a filter");
        }

        public void OnCreated(CreatedContext context)
        {
        }
    }
}
