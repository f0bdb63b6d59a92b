using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class FairnessOnSqlite() : FairnessTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class FairnessOnPostgreSql() : FairnessTests(StorageKind.PostgreSql)
{
    [Fact]
    public async Task Key_IsThatOfAJob_InTheTransactionOfTheCaller()
    {
        await using var host = await StartClientAsync();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var job = await host.Jobs.InTransaction(transaction).EnqueueAsync<NoteJob>(new() { FairnessKey = "a" }, Token);

        await transaction.CommitAsync(Token);

        Assert.Equal("a", await KeyOfAsync(host, job));
    }
}

public abstract class FairnessTests(StorageKind kind) : OwnStorageTests(kind)
{
    [Fact]
    public async Task JobOfAnotherKey_IsExecutedBeforeTheRestOfAFlood()
    {
        IReadOnlyList<string> flood;
        string other;
        await using (var client = await StartClientAsync())
        {
            flood = client.Jobs.EnqueueMany<ImportJob, Import>(Enumerable.Range(0, 20).Select(static row => new Import("a", row)));
            other = client.Jobs.Enqueue<ImportJob, Import>(new Import("b", 0));
        }

        await using var host = await StartAsync(static options => options.WorkerCount = 1);

        foreach (var job in flood.Append(other))
            await host.WaitForAsync(job, JobState.Succeeded);
        var before = 0;
        var start = await StartOfAsync(host, other);
        foreach (var job in flood)
            before += await StartOfAsync(host, job) < start ? 1 : 0;
        Assert.InRange(before, 0, 1);
    }

    [Fact]
    public async Task Key_IsOfTheCall_ThenOfTheArguments()
    {
        await using var host = await StartClientAsync();

        Assert.Null(await KeyOfAsync(host, host.Jobs.Enqueue<NoteJob>()));
        Assert.Equal("x", await KeyOfAsync(host, host.Jobs.Enqueue<NoteJob>(new() { FairnessKey = "x" })));
        Assert.Equal("a", await KeyOfAsync(host, host.Jobs.Enqueue<ImportJob, Import>(new Import("a", 1))));
        Assert.Null(await KeyOfAsync(host, host.Jobs.Enqueue<ImportJob, Import>(new Import(null, 1))));
        Assert.Null(await KeyOfAsync(host, host.Jobs.Enqueue<ImportJob, Import>(new Import("", 1))));
        Assert.Equal("x", await KeyOfAsync(host, host.Jobs.Enqueue<ImportJob, Import>(new Import("a", 1), new() { FairnessKey = "x" })));
        Assert.Equal("7", await KeyOfAsync(host, host.Jobs.Enqueue<CustomerJob, Customer>(new Customer { Number = 7 })));
        Assert.StartsWith(
            "sha256:", await KeyOfAsync(host, host.Jobs.Enqueue<ImportJob, Import>(new Import(new string('x', 401), 1))),
            StringComparison.Ordinal);
        Assert.Equal(
            ["a", "b"],
            await Task.WhenAll(host.Jobs.EnqueueMany<ImportJob, Import>([new("a", 1), new("b", 2)]).Select(job => KeyOfAsync(host, job))));
    }

    [Fact]
    public async Task RecurringJob_GivesItsJobsItsKey_UntilItIsChanged()
    {
        await using var host = await StartClientAsync();
        await host.Jobs.AddOrUpdateRecurringAsync<NoteJob>("0 0 1 1 *", new() { Id = "a", FairnessKey = "x", Priority = 3 }, Token);
        host.Jobs.AddOrUpdateRecurring<ImportJob, Import>(new Import("y", 1), "0 0 1 1 *", new() { Id = "b" });
        Assert.Equal("x", await KeyOfAsync(host, host.Jobs.TriggerRecurring("a")!));
        Assert.Equal("y", await KeyOfAsync(host, host.Jobs.TriggerRecurring("b")!));
        var monitor = host.Services.GetRequiredService<IJobMonitor>();
        var entries = (await monitor.GetRecurringJobsAsync(Token)).ToDictionary(static entry => entry.Id);
        Assert.Equal(("x", 3), (entries["fair:a"].FairnessKey, entries["fair:a"].Priority));
        Assert.Equal(("y", 5), (entries["fair:b"].FairnessKey, entries["fair:b"].Priority));

        host.Jobs.AddOrUpdateRecurring<NoteJob>("0 0 1 1 *", new() { Id = "a" });

        Assert.Null(await KeyOfAsync(host, host.Jobs.TriggerRecurring("a")!));
    }

    [Fact]
    public async Task Requeue_KeepsTheKey()
    {
        await using var host = await StartClientAsync();
        var job = host.Jobs.Enqueue<NoteJob>(new() { FairnessKey = "a" });
        Assert.True(host.Jobs.Delete(job).IsDone);

        Assert.True(host.Jobs.Requeue(job).IsDone);

        Assert.Equal("a", await KeyOfAsync(host, job));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a\0b", "NUL")]
    public async Task InvalidKey_IsRefusedByName(string key, string fault)
    {
        await using var host = await StartClientAsync();

        foreach (var refused in new[]
        {
            Assert.Throws<ArgumentException>(() => host.Jobs.Enqueue<NoteJob>(new() { FairnessKey = key })),
            Assert.Throws<ArgumentException>(() => host.Jobs.AddOrUpdateRecurring<NoteJob>("0 0 1 1 *", new() { FairnessKey = key })),
        })
        {
            Assert.Contains("FairnessKey", refused.Message, StringComparison.Ordinal);
            Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
            Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SeveralKeysInTheArguments_AreRefusedAtTheStart()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => JobHost.StartClientAsync(static jobs => jobs.AddJob<WrongJob>()));

        Assert.Contains("[FairnessKey] on several properties: tenant, region", refused.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private protected static async Task<string?> KeyOfAsync(JobHost host, string id) =>
        (await host.Services.GetRequiredService<IJobMonitor>().FindJobAsync(id, cancellationToken: Token))!.FairnessKey;

    private protected Task<JobHost> StartClientAsync() => StartAsync(static options => options.RunServer = false);

    private protected Task<JobHost> StartAsync(Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        static jobs => jobs.AddJob<NoteJob>().AddJob<ImportJob>().AddJob<CustomerJob>(),
        options =>
        {
            options.AppQueue = "fair";
            options.RecurringJobIdPrefix = "fair";
            UseStorage(options);
            configure?.Invoke(options);
        });

    private static async Task<DateTimeOffset> StartOfAsync(JobHost host, string id) =>
        (await host.Services.GetRequiredService<IJobMonitor>().FindJobAsync(id, cancellationToken: Token))!
            .History.Single(static entry => entry.State == "Processing").At;

    private protected sealed class NoteJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private protected sealed record Import([FairnessKey] string? Tenant, int Row);

    private protected sealed class ImportJob : IJob<Import>
    {
        public Task<JobResult> ExecuteAsync(Import args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private protected sealed class Customer
    {
        [FairnessKey]
        public int Number { get; init; }
    }

    private protected sealed class CustomerJob : IJob<Customer>
    {
        public Task<JobResult> ExecuteAsync(Customer args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private protected sealed record Wrong([FairnessKey] string Tenant, [FairnessKey] string Region);

    private protected sealed class WrongJob : IJob<Wrong>
    {
        public Task<JobResult> ExecuteAsync(Wrong args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}

/// <summary>A storage that does not observe fairness keys says so.</summary>
public sealed class FairnessOnOtherStorageTests
{
    [Fact]
    public async Task Key_IsRefused()
    {
        await using var host = await JobHost.StartClientAsync(static jobs => jobs.AddJob<PlainJob>());

        foreach (var refused in new[]
        {
            Assert.Throws<NotSupportedException>(() => host.Jobs.Enqueue<PlainJob>(new JobOptions { FairnessKey = "a" })),
            Assert.Throws<NotSupportedException>(
                () => host.Jobs.AddOrUpdateRecurring<PlainJob>("0 0 1 1 *", new RecurringOptions { FairnessKey = "a" })),
        })
        {
            Assert.Contains("fairness key", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task JobTypeWithAKey_IsRefusedAtTheStart()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => JobHost.StartClientAsync(static jobs => jobs.AddJob<FairJob>()));

        Assert.Contains("[FairnessKey]", refused.Message, StringComparison.Ordinal);
        Assert.Contains("FairJob", refused.Message, StringComparison.Ordinal);
    }

    private sealed class PlainJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed record For([FairnessKey] string Tenant);

    private sealed class FairJob : IJob<For>
    {
        public Task<JobResult> ExecuteAsync(For args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
