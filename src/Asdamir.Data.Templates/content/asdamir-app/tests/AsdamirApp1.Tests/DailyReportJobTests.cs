using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Testing;

namespace AsdamirApp1.Tests;

public sealed class DailyReportJobTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_IsWritten_AndTheDayIsAStep()
    {
        await using var host = await StartAsync();

        var run = await host.RunAsync<DailyReportJob>(cancellationToken: Cancelled);

        run.EnsureSucceeded();
        Assert.Equal("choose the day", Assert.Single(run.Steps).Name);
    }

    [Fact]
    public async Task Report_IsWrittenEachNight_AtTwo()
    {
        await using var host = await StartAsync();

        var runs = await host.AdvanceToAsync(new TimeOnly(2, 0), Cancelled);

        Assert.Equal(nameof(DailyReportJob), Assert.Single(runs.EnsureSucceeded()).JobName);
    }

    private static Task<JobHost> StartAsync() =>
        JobHost.StartAsync(static app => app.AddCoreHangfireJobs().AddJob<DailyReportJob>(), cancellationToken: Cancelled);
}
