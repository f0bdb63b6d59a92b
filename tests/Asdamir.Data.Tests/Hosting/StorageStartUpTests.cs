using Asdamir.Data.HangfireJobs;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Hosting;

public sealed class StorageStartUpTests
{
    private const string DeadServer = "Host=127.0.0.1;Port=1;Database=company;Username=jobs;Password=s3cret-word;Timeout=2";

    [Fact]
    public async Task Start_FailsFastAndNamesTheServerAndTheKeyButNoSecret_WhenTheDatabaseIsDead()
    {
        using var host = JobHost.Create(_ => { }, UseDeadServer);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        // At the first attempt.
        Assert.Empty(host.Services.GetRequiredService<LogCapture>().With(1501));
        Assert.Contains("PostgreSQL at 127.0.0.1:1, database company, schema hangfire", error.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:Storage", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-word", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_StartsAndKeepsTryingUntilStopped_WhenConfiguredToRetry()
    {
        using var host = JobHost.Create(_ => { }, options =>
        {
            UseDeadServer(options);
            options.Storage.WhenUnavailable = StorageStartupBehavior.Retry;
        });
        var logs = host.Services.GetRequiredService<LogCapture>();

        await host.StartAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => logs.With(1501).Count() >= 2, "two attempts are logged");
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Contains("attempt 2", logs.With(1501).ElementAt(1).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(logs.Entries, entry => entry.Message.Contains("s3cret-word", StringComparison.Ordinal));
    }

    [NeedsPostgreSql]
    [Theory]
    [InlineData(StorageStartupBehavior.Fail)]
    [InlineData(StorageStartupBehavior.Retry)]
    public async Task Start_FailsAtOnceAndNamesTheFix_WhenTheDatabaseIsNotUtf8(StorageStartupBehavior whenUnavailable)
    {
        var server = await SharedPostgres.GetAsync();
        var name = $"latin_{Guid.NewGuid():N}";
        await using (
            var create = server.Database.CreateCommand(
                $"CREATE DATABASE {name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"))
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var host = JobHost.Create(_ => { }, options =>
            (options.Storage.Provider, options.Storage.ConnectionString, options.Storage.WhenUnavailable) =
                ("PostgreSql", new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString,
                    whenUnavailable));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"'{name}' has the encoding LATIN1", error.Message, StringComparison.Ordinal);
        Assert.Contains("ENCODING 'UTF8' TEMPLATE template0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Fails_WhenAnAppQueueNeedsAFeatureTheStorageLacks()
    {
        var storage = new SharedStorage(lacks: JobStorageFeatures.JobQueueProperty);
        using var host = JobHost.Create(jobs => jobs.UseStorage(_ => storage), options => options.AppQueue = "crm");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("HangfireJobs:AppQueue = 'crm'", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SharedStorage), error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: ", error.Message, StringComparison.Ordinal);
        Assert.Empty(storage.GetMonitoringApi().Servers());
    }

    [Fact]
    public async Task Start_Works_WhenNothingNeedsTheFeatureTheStorageLacks()
    {
        var storage = new SharedStorage(lacks: JobStorageFeatures.JobQueueProperty);
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<IdleJob>().UseStorage(_ => storage));

        await host.WaitForAsync(host.Jobs.Enqueue<IdleJob>(), JobState.Succeeded);

        Assert.Single(storage.GetMonitoringApi().Servers());
    }

    private static void UseDeadServer(HangfireJobsOptions options) =>
        (options.Storage.Provider, options.Storage.ConnectionString) = ("PostgreSql", DeadServer);

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
