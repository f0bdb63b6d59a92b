using Asdamir.Data.HangfireJobs;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class ReplacedJobsOnSqlite() : ReplacedJobTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class ReplacedJobsOnPostgreSql() : ReplacedJobTests(StorageKind.PostgreSql)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Job_IsReplacedInTheTransactionOfTheCaller_ExactlyWhenThatCommits(bool commit)
    {
        await using var host = await StartAsync(runServer: false);
        var first = host.Jobs.Enqueue<ImportJob, Import>(new(1, "monday"), new() { Delay = TimeSpan.FromHours(1) });
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var inside = host.Jobs.InTransaction(transaction);

        var all = await inside.TryEnqueueManyAsync<ImportJob, Import>([new(1, "tuesday"), new(1, "friday")], ct: Token);
        var last = await inside.TryEnqueueAsync<ImportJob, Import>(new(1, "sunday"), ct: Token);
        Assert.All([.. all, last], result => Assert.Equal(Replaced(first), result));
        if (commit)
            await transaction.CommitAsync(Token);
        else
            await transaction.RollbackAsync(Token);

        Assert.Equal(commit ? JobState.Enqueued : JobState.Scheduled, host.Jobs.Find(first)!.State);
        await using var worker = await StartAsync(runServer: true);
        worker.Probe.Open("end");
        if (commit)
            await worker.Probe.NotedAsync("sunday");
        else
            Assert.Empty(worker.Probe.Notes);
    }
}

/// <summary>Calls that replace the job that has their unique key.</summary>
public abstract class ReplacedJobTests(StorageKind kind) : OwnStorageTests(kind)
{
    [Fact]
    public async Task AllForms_ReplaceTheJobThatWaits()
    {
        await using var host = await StartAsync(runServer: false);
        JobOptions options = new() { UniqueKey = "a", WhenTaken = WhenTaken.Replace, Delay = TimeSpan.FromHours(1) };
        var first = host.Jobs.Enqueue<NoteJob, string>("1", options);

        Assert.Equal(Replaced(first), host.Jobs.TryEnqueue<NoteJob, string>("2", options));
        Assert.Equal(Replaced(first), await host.Jobs.TryEnqueueAsync<NoteJob, string>("3", options, Token));
        Assert.Equal([Replaced(first)], host.Jobs.TryEnqueueMany<NoteJob, string>(["4"], options));
        Assert.Equal([Replaced(first)], await host.Jobs.TryEnqueueManyAsync<NoteJob, string>(["5"], options, Token));
        Assert.Equal(first, host.Jobs.Enqueue<NoteJob, string>("6", options));
        Assert.Equal(JobState.Scheduled, host.Jobs.Find(first)!.State);
        Assert.Equal(first, await host.Jobs.EnqueueAsync<NoteJob, string>("7", options with { Delay = null }, Token));

        Assert.Equal(JobState.Enqueued, host.Jobs.Find(first)!.State);
        Assert.Contains("Replaced", host.StateOf(first).Reason, StringComparison.Ordinal);
        await using var worker = await StartAsync(runServer: true);
        worker.Probe.Open("end");
        await worker.WaitForAsync(first, JobState.Succeeded);
        Assert.Equal(["7"], worker.Probe.Notes);
    }

    [Fact]
    public async Task JobThatHasBegun_StaysAsItIs_AndItsIdIsTheAnswer()
    {
        await using var host = await StartAsync(runServer: true);
        JobOptions options = new() { UniqueKey = "a", WhenTaken = WhenTaken.Replace };
        var first = host.Jobs.Enqueue<NoteJob, string>("1", options);
        await host.Probe.NotedAsync("1");

        var second = host.Jobs.TryEnqueue<NoteJob, string>("2", options);

        Assert.Equal(new EnqueueResult { JobId = first, Existed = true }, second);
        host.Probe.Open("end");
        await host.WaitForAsync(first, JobState.Succeeded);
        Assert.Equal(["1"], host.Probe.Notes);
    }

    [Fact]
    public async Task UniqueJobType_ThatReplaces_TakesTheLastArguments()
    {
        await using var host = await StartAsync(runServer: false);

        var jobs = host.Jobs.TryEnqueueMany<ImportJob, Import>([new(1, "monday"), new(2, "monday"), new(1, "tuesday")]);
        var skipped = host.Jobs.TryEnqueue(new Import(2, "friday"), new JobOptions { WhenTaken = WhenTaken.Skip });

        Assert.Equal([false, false, true], jobs.Select(static result => result.Replaced));
        Assert.Equal(new EnqueueResult { JobId = jobs[1].JobId, Existed = true }, skipped);
        await using var worker = await StartAsync(runServer: true);
        worker.Probe.Open("end");
        await worker.WaitForAsync(jobs[0].JobId, JobState.Succeeded);
        await worker.WaitForAsync(jobs[1].JobId, JobState.Succeeded);
        Assert.Equal(["monday", "tuesday"], worker.Probe.Notes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ReplacedJob_WaitsForTheOtherParent_AndStartsOnce()
    {
        await using var host = await StartAsync(runServer: false);
        var parents = new[] { host.Jobs.Enqueue<NoteJob, string>("p1"), host.Jobs.Enqueue<NoteJob, string>("p2") };
        JobOptions options = new() { UniqueKey = "a", WhenTaken = WhenTaken.Replace };
        var child = host.Jobs.Enqueue<NoteJob, string>("old", options with { After = parents[0] });

        Assert.Equal(Replaced(child), host.Jobs.TryEnqueue<NoteJob, string>("new", options with { After = parents[1] }));
        Assert.Equal(
            Replaced(child), await host.Jobs.TryEnqueueAsync<NoteJob, string>("newest", options with { After = parents[1] }, Token));

        await using var worker = await StartAsync(runServer: true);
        worker.Probe.Open("end");
        await worker.WaitForAsync(child, JobState.Succeeded);
        await worker.WaitForAsync(parents[0], JobState.Succeeded);
        Assert.Equal(["newest", "p1", "p2"], worker.Probe.Notes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WhenTaken_WithoutAUniqueKey_IsRefused()
    {
        await using var host = await StartAsync(runServer: false);

        foreach (var options in new JobOptions[]
        {
            new() { WhenTaken = WhenTaken.Replace },
            new() { WhenTaken = WhenTaken.Skip, IdempotencyKey = "call" },
            new() { WhenTaken = (WhenTaken)7, UniqueKey = "a" },
        })
        {
            var refused = Assert.ThrowsAny<ArgumentException>(() => host.Jobs.Enqueue<NoteJob, string>("x", options));
            Assert.Contains("WhenTaken", refused.Message, StringComparison.Ordinal);
        }
    }

    private protected static EnqueueResult Replaced(string jobId) => new() { JobId = jobId, Existed = true, Replaced = true };

    private protected Task<JobHost> StartAsync(bool runServer) => JobHost.StartAsync(
        static jobs => jobs.AddJob<NoteJob>().AddJob<ImportJob>(),
        options =>
        {
            options.AppQueue = "replaced";
            options.RunServer = runServer;
            UseStorage(options);
        });

    private protected sealed class NoteJob(Probe probe) : IJob<string>
    {
        public async Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            await probe.GateAsync("end", ct);
            return JobResult.Success();
        }
    }

    private protected sealed record Import([UniqueKey] int Customer, string File);

    [Unique(WhenTaken = WhenTaken.Replace)]
    private protected sealed class ImportJob(Probe probe) : IJob<Import>
    {
        public async Task<JobResult> ExecuteAsync(Import args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args.File);
            await probe.GateAsync("end", ct);
            return JobResult.Success();
        }
    }
}
