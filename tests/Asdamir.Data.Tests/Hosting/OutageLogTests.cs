using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Asdamir.Data.Tests.Monitoring;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.Logging;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>
/// Hangfire has one log for the process, which belongs to the host that started last, so no other host may run meanwhile.
/// </summary>
[CollectionDefinition(nameof(OutageLogTests), DisableParallelization = true)]
[Collection(nameof(OutageLogTests))]
public sealed class OutageLogTests
{
    [NeedsPostgreSql]
    [Fact]
    public async Task Outage_IsSaidOnce_AndThenForHowLong()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<IdleJob>(),
            options =>
                (options.Storage.Provider, options.Storage.ConnectionString,
                    options.WorkerCount) = ("PostgreSql", server.ConnectionString, 20));
        await host.WaitForAsync(host.Jobs.Enqueue<IdleJob>(), JobState.Succeeded);
        var before = host.Logs.Entries.Count;

        await server.StopImmediatelyAsync();
        await Until.TrueAsync(() => host.Logs.Entries.Any(static line => line.EventId == 1504), "the outage is reported");
        // Workers, schedulers and heartbeats have all noticed it by then.
        await Until.TrueAsync(
            () => host.Logs.Entries.Count(static entry => entry.Message.Contains("is in the Faulted state", StringComparison.Ordinal)) >= 3,
            "Hangfire's components notice it");
        await server.StartAgainAsync();
        await Until.TrueAsync(() => host.Logs.Entries.Any(static line => line.EventId == 1505), "its end is reported");
        await host.WaitForAsync(host.Jobs.Enqueue<IdleJob>(), JobState.Succeeded);

        var lines = host.Logs.Entries.Skip(before).Where(static line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Information)
            .ToList();
        Assert.Single(lines, static line => line.EventId == 1504);
        Assert.Single(lines, static line => line.EventId == 1505);
        // Leases that ended meanwhile have a message, too.
        Assert.True(lines.Count <= 10, string.Join(Environment.NewLine, lines));
    }

    [Fact]
    public async Task OutageRightAfterAnother_IsSaid_AndALateMessageIsNot()
    {
        var storage = new AbsentStorage();
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<IdleJob>().UseStorage(_ => storage));
        List<int> Events() => [.. host.Logs.Entries.Select(static line => line.EventId).Where(static id => id is 1504 or 1505)];

        foreach (var outage in new[] { 1, 2 })
        {
            storage.IsAway = true;
            await Until.TrueAsync(() => Events().Count == (2 * outage) - 1, "the outage is reported", () => string.Join(", ", Events()));
            storage.IsAway = false;
            await Until.TrueAsync(() => Events().Count == 2 * outage, "its end is reported", () => string.Join(", ", Events()));
            LogProvider.GetLogger("Hangfire.Server.Worker")
                .WarnException("A late message.", new JobStorageUnavailableException("The storage did not answer."));
        }

        Assert.Equal([1504, 1505, 1504, 1505], Events());
    }

    [Fact]
    public async Task Outage_IsSaid_WhenAStorageOfAnotherPackageReportsItByItsOwnExceptions()
    {
        var storage = new AbsentStorage { Error = static () => new InvalidOperationException("No server of the cache answers.") };
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<IdleJob>().UseStorage(_ => storage));

        storage.IsAway = true;
        await Until.TrueAsync(() => EventsOf(host).Count == 1, "the outage is reported", () => string.Join(", ", EventsOf(host)));
        var debug = host.Logs.Entries.Count(IsRepeat);
        await Until.TrueAsync(() => host.Logs.Entries.Count(IsRepeat) > debug, "further errors are repeats");
        storage.IsAway = false;
        await Until.TrueAsync(() => EventsOf(host).Count == 2, "its end is reported", () => string.Join(", ", EventsOf(host)));

        Assert.Equal([1504, 1505], EventsOf(host));

        static bool IsRepeat(LogEntry line) =>
            line is { Level: Microsoft.Extensions.Logging.LogLevel.Debug, Exception: InvalidOperationException };
    }

    [Fact]
    public async Task Outage_IsSaidByTheHostOfThatStorage_WhenSeveralHostsShareTheProcess()
    {
        var storage = new AbsentStorage();
        await using var first = await JobHost.StartAsync(jobs => jobs.AddJob<IdleJob>().UseStorage(_ => storage));
        await using var last = await JobHost.StartAsync(jobs => jobs.AddJob<IdleJob>());

        storage.IsAway = true;
        await Until.TrueAsync(() => EventsOf(first).Count == 1, "the outage is reported", () => string.Join(", ", EventsOf(first)));
        storage.IsAway = false;
        await Until.TrueAsync(() => EventsOf(first).Count == 2, "its end is reported", () => string.Join(", ", EventsOf(first)));

        Assert.Equal([1504, 1505], EventsOf(first));
        Assert.Empty(EventsOf(last));
    }

    private static List<int> EventsOf(JobHost host) =>
        [.. host.Logs.Entries.Select(static line => line.EventId).Where(static id => id is 1504 or 1505)];

    [Fact]
    public async Task ExceptionOfAPlainJob_IsNoOutage()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AllowPlainJobs(typeof(Plain)));

        var jobId = host.Services.GetRequiredService<IBackgroundJobClient>().Enqueue(() => Plain.LoseItsOwnDatabase());
        await host.WaitForAsync(jobId, JobState.Failed);

        Assert.DoesNotContain(host.Logs.Entries, static line => line.EventId == 1504);
        Assert.Contains(host.Logs.Warnings, line => line.Message.Contains($"'{jobId}'", StringComparison.Ordinal));
    }

    public static class Plain
    {
        [AutomaticRetry(Attempts = 0)]
        public static void LoseItsOwnDatabase() => throw new NpgsqlException("The app's own database is away.", new IOException());
    }

    private sealed class AbsentStorage : JobStorage
    {
        private readonly JobStorage _inner = new InMemoryStorage();

        public volatile bool IsAway;

        public Func<Exception> Error { get; init; } = static () => new JobStorageUnavailableException("The storage does not answer.");

        public override IMonitoringApi GetMonitoringApi() => _inner.GetMonitoringApi();

        public override IStorageConnection GetConnection() =>
            IsAway ? throw Error() : _inner.GetConnection();

        public override bool HasFeature(string featureId) => _inner.HasFeature(featureId);
    }
}
