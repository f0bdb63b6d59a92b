using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Tests.Hosting;

public sealed class StorageWaitTests
{
    [Fact]
    public async Task Start_GivesUp_WhenItsTokenIsCancelledWhileItWaitsForTheStorage()
    {
        using var host = JobHost.Create(_ => { }, options => options.Storage = new()
        {
            Provider = "PostgreSql",
            ConnectionString = "Host=127.0.0.1;Port=1;Database=company;Username=jobs;Timeout=2",
            WhenUnavailable = StorageUnavailable.Retry,
        });
        var logs = host.Services.GetRequiredService<LogCapture>();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var starting = Task.Run(() => host.StartAsync(cancel.Token), TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => logs.With(1501).Any(), "an attempt is logged");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(Until.Limit, TestContext.Current.CancellationToken));
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }

    [Fact]
    public async Task Start_WaitsAndGoesOn_WhenTheStorageGoesAwayAfterItWasOpened()
    {
        var storage = GoingAwayAfterItsProbe();
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<DeclaredJob>().UseStorage(_ => storage), options => options.Storage.WhenUnavailable = StorageUnavailable.Retry);

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
