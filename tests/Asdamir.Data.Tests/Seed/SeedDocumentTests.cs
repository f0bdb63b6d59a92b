using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Seed;

public sealed class SeedDocumentTests
{
    [Fact]
    public async Task Seed_RegistersRunsAndSchedules_AsWritten()
    {
        Ledger.Reconcile = () => Task.CompletedTask;
        using var folder = new TemporaryFolder();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.Path });
        builder.Configuration["Urls"] = LocalPort.AnyUrl;
        builder.Configuration["HangfireJobs:ScanEntryAssembly"] = "false";
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<NightlyReconcileJob>();
        builder.Services.AddSingleton<Bootstrap>();
        await using var app = builder.Build();
        app.UseCoreHangfireApi();        // JSON monitoring endpoints
        app.UseCoreHangfireDashboard();  // Hangfire dashboard (guard it behind auth!)
        await app.StartAsync(TestContext.Current.CancellationToken);

        app.Services.GetRequiredService<Bootstrap>().Configure();
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        var jobId = jobs.TriggerRecurring(nameof(NightlyReconcileJob));

        Assert.NotNull(jobId);
        await Until.EqualAsync(JobState.Succeeded, () => jobs.Find(jobId)!.State, "the job's state");
        Assert.Equal("""{"duration":"00:02:00","output":null}""", jobs.Find(jobId)!.ResultJson);
    }

    [Fact]
    public async Task Seed_FailingResult_IsThrownSoThatHangfireRetries()
    {
        Ledger.Reconcile = () => throw new InvalidOperationException("ledger is locked");
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<NightlyReconcileJob>(),
            options => options.Retry.Attempts = 1);

        var job = await host.WaitForAsync(host.Jobs.Enqueue<NightlyReconcileJob>(), JobState.Scheduled);

        Assert.Equal("Retry attempt 1 of 1: ledger is locked", job.Reason);
    }
}
