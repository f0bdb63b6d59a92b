using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>The storage is away while the app starts, and <c>Storage:WhenUnavailable</c> is Retry.</summary>
public sealed class StorageWaitTests
{
    [NeedsPostgreSql]
    [Fact]
    public async Task Start_OpensThePort_AndTheJobsRunOnceTheStorageIsThere()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        await server.StopImmediatelyAsync();
        await using var web = await WebHost.StartAsync(
            "Development",
            jobs => jobs.AddJob<IdleJob>().AddJob<DeclaredJob>(),
            options =>
                options.Storage = new()
                {
                    Provider = "PostgreSql", ConnectionString = server.ConnectionString, WhenUnavailable = StorageStartupBehavior.Retry
                },
            services => services.AddHealthChecks().AddHangfireJobs(),
            app =>
            {
                app.MapHealthChecks("/live", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("live") });
                app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") });
            });

        Assert.Equal(HttpStatusCode.OK, (await web.GetAsync("/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await web.GetAsync("/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await web.GetAsync("/frameworkapi/hangfire/statistics")).StatusCode);

        await server.StartAgainAsync();

        await Until.TrueAsync(async () => (await web.GetAsync("/ready")).StatusCode == HttpStatusCode.OK, "the app is ready");
        await web.UntilAsync(web.Jobs.Enqueue<IdleJob>(), JobState.Succeeded);
        await web.UntilAsync(web.Jobs.TriggerRecurring(nameof(DeclaredJob))!, JobState.Succeeded);
        Assert.Equal(HttpStatusCode.OK, (await web.GetAsync("/live")).StatusCode);
    }

    [Fact]
    public async Task Host_StopsWithTheError_WhenItTurnsOutThatWaitingDoesNotHelp()
    {
        var storage = new FailingStorage
        {
            OnConnect = static number => number == 1 ? new IOException("connection lost")
                : number == 3 ? new InvalidOperationException("foreign tables")
                : null,
        };
        using var host = JobHost.Create(jobs => jobs.AddJob<DeclaredJob>().UseStorage(_ => storage), options =>
            options.Storage.WhenUnavailable = StorageStartupBehavior.Retry);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal("foreign tables", error.Message);
    }

    [Fact]
    public async Task Start_WaitsAndGoesOn_WhenTheStorageGoesAwayAfterItWasOpened()
    {
        var storage = GoingAwayAfterItsProbe();
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<DeclaredJob>().UseStorage(_ => storage),
            options => options.Storage.WhenUnavailable = StorageStartupBehavior.Retry);

        await Until.TrueAsync(() => host.Logs.With(1502).Any(), "the jobs are ready");
        Assert.Contains("connection lost", host.Logs.With(1501).First().Message, StringComparison.Ordinal);
        Assert.NotNull(host.Jobs.TriggerRecurring(nameof(DeclaredJob)));
    }

    [Fact]
    public async Task Start_FailsWithAMessage_WhenTheStorageGoesAwayAfterItWasOpened()
    {
        var storage = GoingAwayAfterItsProbe();
        using var host = JobHost.Create(jobs => jobs.AddJob<DeclaredJob>().UseStorage(_ => storage));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("The job storage cannot be used (FailingStorage): connection lost. Fix: ", error.Message, StringComparison.Ordinal);
    }

    private static FailingStorage GoingAwayAfterItsProbe() =>
        new() { OnConnect = static number => number is 2 or 3 ? new IOException("connection lost") : null };

    [RecurringJob("@yearly")]
    private sealed class DeclaredJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
