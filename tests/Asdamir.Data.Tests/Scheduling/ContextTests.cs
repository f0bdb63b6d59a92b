using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

public sealed class ContextInMemory() : ContextTests(StorageKind.InMemory);

public sealed class ContextOnSqlite() : ContextTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class ContextOnPostgreSql() : ContextTests(StorageKind.PostgreSql)
{
    [Fact]
    public async Task Values_AreThoseOfTheCaller_WhenItEnqueuesInItsTransaction()
    {
        await using var host = await StartAsync();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        Ambient.Value.Value = "ann";
        var jobId = host.Jobs.InTransaction(transaction).Enqueue<NotingJob, string>("joined");
        Ambient.Value.Value = null;
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        await host.WaitForAsync(jobId, JobState.Succeeded);
        Assert.Equal(["joined: ann ann"], host.Probe.Notes);
    }
}

/// <summary>What is ambient where jobs are enqueued, and where they are executed.</summary>
public abstract class ContextTests(StorageKind kind) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _schema = "hangfire";

    private protected string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (kind == StorageKind.Sqlite)
            ConnectionString = _folder.Sqlite();
        if (kind == StorageKind.PostgreSql)
        {
            var server = await SharedPostgres.GetAsync();
            (ConnectionString, _schema) = (server.ConnectionString, server.NewSchema());
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Values_ReachEachAttempt_AndWhatTheJobEnqueues()
    {
        await using var host = await StartAsync();
        Ambient.Value.Value = "ann";
        var jobIds = host.Jobs.EnqueueMany<NotingJob, string>(["first", "fails once", "enqueues"]);
        var child = host.Jobs.ContinueWith<NotingJob, string>("continues", jobIds[1]);
        Ambient.Value.Value = null;

        foreach (var jobId in jobIds.Append(child))
            await host.WaitForAsync(jobId, JobState.Succeeded);
        await host.Probe.NotedAsync("given: ann ann");

        Assert.Equal(
            [
                "continues: ann ann", "enqueues: ann ann", "fails once: ann ann", "fails once: ann ann", "first: ann ann", "given: ann ann",
            ],
            host.Probe.Notes.Order());
        // One for each call: of many jobs, of the continuation, of the job.
        Assert.Equal(3, host.Services.GetServices<IJobContextPropagator>().OfType<Propagator>().Single().Captures);
    }

    [Fact]
    public async Task Values_AreThoseOfTheLaterCall_WhenItReplacesTheJob()
    {
        if (kind == StorageKind.InMemory)
            return;
        await using var host = await StartAsync();
        var options = new JobOptions { UniqueKey = "one", WhenTaken = WhenTaken.Replace };
        Ambient.Value.Value = "ann";
        var jobId = host.Jobs.Enqueue<NotingJob, string>("earlier", options with { Delay = TimeSpan.FromDays(1) });
        Ambient.Value.Value = "bob";
        Assert.True(host.Jobs.TryEnqueue<NotingJob, string>("later", options).Replaced);

        await host.WaitForAsync(jobId, JobState.Succeeded);
        Assert.Equal(["later: bob bob"], host.Probe.Notes);
    }

    [Fact]
    public async Task Values_AreEmpty_ForJobsOfASchedule()
    {
        await using var host = await StartAsync();
        Ambient.Value.Value = "ann";
        host.Jobs.AddOrUpdateRecurring<NotingJob, string>("recurring", "@yearly", new RecurringOptions { Id = "yearly" });

        await host.WaitForAsync(host.Jobs.TriggerRecurring("yearly")!, JobState.Succeeded);

        Assert.Equal(["recurring: none none"], host.Probe.Notes);
    }

    private protected Task<JobHost> StartAsync() => JobHost.StartAsync(
        static jobs => jobs.AddJob<NotingJob>().AddContextPropagator<Propagator>(),
        options =>
        {
            options.AppQueue = $"context-{kind}".ToLowerInvariant();
            options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero };
            (options.Storage.Provider, options.Storage.ConnectionString, options.Storage.Schema) =
                (kind.ToString(), ConnectionString, _schema);
        },
        static services => services.AddScoped<User>());

    private protected static class Ambient
    {
        public static readonly AsyncLocal<string?> Value = new();
    }

    private protected sealed class User
    {
        public string? Name { get; set; }
    }

    private protected sealed class Propagator : IJobContextPropagator
    {
        private int _captures;

        public int Captures => _captures;

        public void Capture(IDictionary<string, string> values)
        {
            ArgumentNullException.ThrowIfNull(values);
            Interlocked.Increment(ref _captures);
            // In a job, whose values are given.
            if (values.ContainsKey("user"))
                return;
            if (Ambient.Value.Value is { } user)
                values["user"] = user;
        }

        public void Restore(IReadOnlyDictionary<string, string> values, IServiceProvider services)
        {
            ArgumentNullException.ThrowIfNull(values);
            Ambient.Value.Value = values.GetValueOrDefault("user", "none");
            services.GetRequiredService<User>().Name = values.GetValueOrDefault("user", "none");
        }
    }

    private protected sealed class NotingJob(Probe probe, User user, IHangfireJobService jobs) : IJob<string>
    {
        public async Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            ArgumentNullException.ThrowIfNull(ctx);
            await Task.Yield();
            probe.Note($"{args}: {user.Name} {Ambient.Value.Value}");
            if (args == "fails once" && ctx.Attempt == 1)
                return JobResult.Failure("once");
            if (args == "enqueues")
                await jobs.EnqueueAsync<NotingJob, string>("given", ct: ct);
            return JobResult.Success();
        }
    }
}
