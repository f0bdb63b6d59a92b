using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Testing.Tests;

public sealed class DrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drain_RunsWhatWaits_AndWhatThatEnqueues()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.EnqueueAsync<SendInvoiceJob, SendInvoice>(new(42), ct: Token);

        var runs = (await host.DrainAsync(Token)).EnsureSucceeded();

        Assert.Equal(["SendInvoiceJob", "ArchiveInvoiceJob", "CloseJob"], runs.Select(static run => run.JobName));
        Assert.Empty(await host.DrainAsync(Token));
        Assert.Equal(JobState.Succeeded, host.Enqueued<SendInvoiceJob>().State);
    }

    [Fact]
    public async Task Drain_LeavesWhatIsScheduledForLater()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.ScheduleAsync<CloseJob>(TimeSpan.FromSeconds(1), Token);

        Assert.Empty(await host.DrainAsync(Token));
    }

    [Fact]
    public async Task Drain_EndsAtItsLimit_AndListsWhatIsLeft()
    {
        await using var host = await TestHost.StartAsync(options: new JobHostOptions { MaxRuns = 10 });
        await host.Jobs.EnqueueAsync<EndlessChainJob>(ct: Token);

        var failure = await Assert.ThrowsAsync<JobAssertionException>(() => host.DrainAsync(Token));

        Assert.Contains("10 jobs were executed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1 still waits", failure.Message, StringComparison.Ordinal);
        Assert.Contains("EndlessChainJob '11', Enqueued", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_WaitsForNoLimit()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.EnqueueAsync<DailyJob>(ct: Token);
        await host.Jobs.EnqueueAsync<DailyJob>(ct: Token);

        Assert.Equal(2, (await host.DrainAsync(Token)).EnsureSucceeded().Count);
    }

    [Fact]
    public async Task EnsureSucceeded_OfARun_SaysWhichJobsFailed()
    {
        await using var host = await TestHost.StartAsync(
            static app => app.Services.Configure<HangfireJobsOptions>(static jobs => jobs.Retry.Attempts = 0));
        host.Services.GetRequiredService<FakeMail>().Fault = new InvalidOperationException("The server is down.");
        await host.Jobs.EnqueueAsync<SendInvoiceJob, SendInvoice>(new(42), ct: Token);
        await host.Jobs.EnqueueAsync<CloseJob>(ct: Token);

        var runs = await host.DrainAsync(Token);
        var failure = Assert.Throws<JobAssertionException>(() => runs.EnsureSucceeded());

        Assert.StartsWith("SendInvoiceJob '1' has not succeeded: it is Failed.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CloseJob", failure.Message, StringComparison.Ordinal);
    }
}
