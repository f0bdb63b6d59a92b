using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.Monitoring.Health;

/// <summary>Plain Hangfire jobs in a queue that no server listens to.</summary>
public sealed class UnservedQueueTests
{
    [Theory]
    [InlineData("crm", "default", true)]
    [InlineData("", "mails", true)]
    [InlineData("", "default", false)]
    [InlineData("crm", "hr", false)]
    public async Task Start_WarnsOfTheQueue_AndHealthIsDegraded(string appQueue, string queue, bool isReported)
    {
        var storage = new SharedStorage();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        new BackgroundJobClient(storage).Create(Job.FromExpression(() => Console.WriteLine(), queue), new EnqueuedState(queue));
        await using var host = await JobHost.StartClientAsync(
            jobs => jobs.AddJob<IdleJob>().UseStorage(_ => storage),
            options => options.AppQueue = appQueue,
            services => services.AddSingleton<TimeProvider>(time).AddHealthChecks().AddHangfireJobs());

        Assert.Equal(isReported, host.Logs.With(1606).Any(line => line.Message.Contains($"'{queue}'", StringComparison.Ordinal)));
        Assert.Equal(0, (await CheckAsync(host)).Data["unservedQueues"]);
        time.SetUtcNow(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(6));
        var entry = await CheckAsync(host);
        Assert.Equal(isReported ? 1 : 0, entry.Data["unservedQueues"]);
        if (isReported)
            Assert.Contains($"No server listens to queues in which jobs wait: {queue}.", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_SaysWhenTheLastServerOfTheQueueWasSeen()
    {
        var storage = new SharedStorage();
        using (var connection = storage.GetConnection())
            connection.AnnounceServer("default@web-1", new ServerContext { Queues = ["default"], WorkerCount = 1 });
        new BackgroundJobClient(storage).Create(Job.FromExpression(() => Console.WriteLine()), new EnqueuedState());
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await JobHost.StartClientAsync(
            jobs => jobs.AddJob<IdleJob>().UseStorage(_ => storage),
            options => options.AppQueue = "crm",
            services => services.AddSingleton<TimeProvider>(time).AddHealthChecks().AddHangfireJobs());

        time.SetUtcNow(DateTimeOffset.UtcNow + TimeSpan.FromHours(2) + TimeSpan.FromMinutes(1));

        Assert.Contains(
            "No server listens to queues in which jobs wait: default (the last one was last seen 02:0",
            (await CheckAsync(host)).Description,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_IsSilent_WhenAServerListensToTheQueue()
    {
        var storage = new SharedStorage();
        using (var connection = storage.GetConnection())
            connection.AnnounceServer("mails@web-1", new ServerContext { Queues = ["mails"], WorkerCount = 1 });
        new BackgroundJobClient(storage).Create(Job.FromExpression(() => Console.WriteLine(), "mails"), new EnqueuedState("mails"));

        await using var host = await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>().UseStorage(_ => storage));

        Assert.Empty(host.Logs.With(1606));
    }

    [Fact]
    public async Task Health_IsDegraded_WhenThisProcessEnqueuesAPlainJobToAQueueWithoutAServer()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await JobHost.StartClientAsync(
            jobs => jobs.AddJob<IdleJob>().AllowPlainJobs(typeof(Mailer)),
            options => options.AppQueue = "crm",
            services => services.AddSingleton<TimeProvider>(time).AddHealthChecks().AddHangfireJobs());

        host.Services.GetRequiredService<IBackgroundJobClient>().Enqueue("mails", () => Mailer.Send());
        time.SetUtcNow(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(6));

        Assert.Equal(1, (await CheckAsync(host)).Data["unservedQueues"]);
    }

    public static class Mailer
    {
        public static void Send()
        {
        }
    }

    private static async Task<HealthReportEntry> CheckAsync(JobHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken))
            .Entries["hangfire-jobs"];
}
