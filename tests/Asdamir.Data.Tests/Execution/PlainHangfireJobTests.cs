using System.Collections.Concurrent;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class PlainHangfireJobsInMemory() : PlainHangfireJobTests(StorageKind.InMemory);

public sealed class PlainHangfireJobsOnSqlite() : PlainHangfireJobTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class PlainHangfireJobsOnPostgreSql() : PlainHangfireJobTests(StorageKind.PostgreSql);

/// <summary>Jobs written for Hangfire itself work beside ours, where the app allows their class.</summary>
public abstract class PlainHangfireJobTests(StorageKind kind) : IDisposable
{
    private static readonly ConcurrentDictionary<string, string> Calls = new();

    private readonly TemporaryFolder _folder = new();
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task Enqueue_ExecutesAStaticMethod_WhenItsClassIsAllowed()
    {
        await using var host = await StartAsync(static jobs => jobs.AllowPlainJobs(typeof(Plain)));

        var jobId = Client(host).Enqueue(() => Plain.Run(_key));
        var job = await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(("done", "Plain.Run"), (Calls[_key], job.JobName));
    }

    [Fact]
    public async Task Enqueue_ExecutesAServiceFromItsOwnScope_WhenItsClassIsAllowed()
    {
        await using var host = await StartAsync(static jobs => jobs.AllowPlainJobs<PlainService>());

        var jobId = Client(host).Enqueue<PlainService>(service => service.Run("hello"));
        await host.WaitForAsync(jobId, JobState.Succeeded);
        await host.Probe.NotedAsync("disposed");

        Assert.Equal(["hello", "disposed"], host.Probe.Notes);
    }

    [Fact]
    public async Task Enqueue_BringsArgumentsOfEveryKind_ToAnAllowedClass()
    {
        await using var host = await StartAsync(static jobs => jobs.AllowPlainJobs(typeof(Plain)));
        var at = new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.FromHours(1));

        var jobId = Client(host)
            .Enqueue(() => Plain.Many(_key, 7, null, at, new List<int[]> { new[] { 1, 2 } }, DayOfWeek.Friday, CancellationToken.None));
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal("7||2026-03-01T02:00:00.0000000+01:00|1,2|Friday", Calls[_key]);
    }

    [Fact]
    public async Task Enqueue_RetriesWithHangfiresFilters_WhenAnAllowedJobFails()
    {
        await using var host = await StartAsync(static jobs => jobs.AllowPlainJobs(typeof(Plain)));

        var jobId = Client(host).Enqueue(() => Plain.FailOnce(_key));
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(("done", "1"), (Calls[_key], host.Parameter(jobId, "RetryCount")));
    }

    [Fact]
    public async Task Recurring_IsFired_WhenItsClassIsAllowed()
    {
        await using var host = await StartAsync(static jobs => jobs.AllowPlainJobs(typeof(Plain)));

        host.Services.GetRequiredService<IRecurringJobManager>().AddOrUpdate(_key, () => Plain.Run(_key), "* * * * * *");

        await Until.TrueAsync(() => Calls.ContainsKey(_key), "the job is fired");
    }

    [Fact]
    public async Task Enqueue_FailsWithAReason_WhenTheClassIsNotAllowed()
    {
        await using var host = await StartAsync(static jobs => jobs.AllowPlainJobs<PlainService>());

        var jobId = Client(host).Enqueue(() => Plain.Run(_key));
        var job = await host.WaitForAsync(jobId, JobState.Failed);

        Assert.Equal("Not loaded: not a job of this app", job.Reason);
        Assert.Contains("'Plain.Run' is not a job of this app", job.Error, StringComparison.Ordinal);
        Assert.Contains("AllowPlainJobs(typeof(", job.Error, StringComparison.Ordinal);
        Assert.False(Calls.ContainsKey(_key));
    }

    [Fact]
    public async Task Enqueue_HandsAJobBack_WhenItLiesInAnotherAppsQueue()
    {
        await using var host = await StartAsync(static jobs => jobs.AllowPlainJobs(typeof(Plain)));

        var jobId = Client(host).Create(Job.FromExpression(() => Plain.Run(_key), "hr"), new EnqueuedState("default"));

        // Hangfire's own state puts it on the job's queue; it strays when another program puts it elsewhere.
        using (var connection = host.Storage.GetConnection())
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.AddToQueue("default", jobId);
            transaction.Commit();
        }
        await Until.TrueAsync(() => host.StateOf(jobId).Reason == "Handed back to queue 'hr', where it belongs", "the job is handed back");
        Assert.False(Calls.ContainsKey(_key));
    }

    [Theory]
    [InlineData(typeof(List<>))]
    [InlineData(typeof(File))]
    public void AllowPlainJobs_IsRefused_ForWhatIsNoClassOfTheApp(Type type)
    {
        var jobs = new ServiceCollection().AddCoreHangfireJobs(static options => options.ScanEntryAssembly = false);

        Assert.Contains("Fix: ", Assert.Throws<ArgumentException>(() => jobs.AllowPlainJobs(type)).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static IBackgroundJobClient Client(JobHost host) => host.Services.GetRequiredService<IBackgroundJobClient>();

    private async Task<JobHost> StartAsync(Action<IHangfireJobsBuilder> addJobs)
    {
        var server = kind == StorageKind.PostgreSql ? await SharedPostgres.GetAsync() : null;
        return await JobHost.StartAsync(
            addJobs,
            options =>
            {
                options.Storage.Provider = kind.ToString();
                if (kind != StorageKind.InMemory)
                    options.Storage.ConnectionString = server?.ConnectionString ?? $"Data Source={Path.Combine(_folder.Path, "jobs.db")}";
                if (server is not null)
                    options.Storage.Schema = server.NewSchema();
            },
            static services => services.AddScoped<PlainService>());
    }

    public static class Plain
    {
        public static void Run(string key) => Calls[key] = "done";

        public static void Many(
            string key, int number, string? text, DateTimeOffset at, List<int[]> lists, DayOfWeek? day, CancellationToken token) =>
            Calls[key] = string.Create(
                CultureInfo.InvariantCulture,
                $"{number}|{text}|{at:O}|{string.Join(';', lists.Select(static list => string.Join(',', list)))}|{day}");

        [AutomaticRetry(Attempts = 1, DelaysInSeconds = [0])]
        public static void FailOnce(string key)
        {
            if (Calls.TryAdd(key, "failed"))
                throw new InvalidOperationException("once");
            Calls[key] = "done";
        }
    }

    internal sealed class PlainService(Probe probe) : IDisposable
    {
        public void Run(string text) => probe.Note(text);

        public void Dispose() => probe.Note("disposed");
    }
}
