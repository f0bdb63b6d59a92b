using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Execution;

public sealed class JobContextTests
{
    [Fact]
    public async Task Context_TellsTheJobAboutItsJob_WhenExecuted()
    {
        IJobContext? seen = null;
        await using var host = await StartAsync(ctx => seen = ctx);
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);

        var jobId = host.Jobs.Enqueue<InspectingJob, Order>(new Order(12.50m));
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal((jobId, "InspectingJob", "crm", null), (seen!.JobId, seen.JobName, seen.App, seen.RecurringJobId));
        Assert.Equal((1, 11, """{"amount":12.50}"""), (seen.Attempt, seen.MaxAttempts, seen.ArgumentsJson));
        Assert.InRange(seen.CreatedAt, before, DateTimeOffset.UtcNow);
        Assert.Equal(TimeSpan.Zero, seen.CreatedAt.Offset);
    }

    [Fact]
    public async Task Culture_IsThatOfTheEnqueuer_WhateverTheServersIs()
    {
        (string, string)? seen = null;
        await using var host = await StartAsync(_ => seen = (CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name));
        var culture = CultureInfo.CurrentCulture;
        var uiCulture = CultureInfo.CurrentUICulture;
        Assert.NotEqual("de-CH", culture.Name);

        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-CH");
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr-CH");
        var jobId = host.Jobs.Enqueue<InspectingJob, Order>(new Order(1));
        CultureInfo.CurrentCulture = culture;
        CultureInfo.CurrentUICulture = uiCulture;
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(("de-CH", "fr-CH"), seen);
    }

    [Fact]
    public async Task Logger_WritesToTheAppAndToTheJob_FromInformationUp()
    {
        await using var host = await StartAsync(ctx =>
        {
            ctx.Logger.LogDebug("detail");
            ctx.Logger.LogInformation("read {Count} rows", 3);
            ctx.Logger.LogError(new InvalidOperationException("row 2"), "skipped");
            ctx.ReportProgress(140, "done");
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<InspectingJob, Order>(new Order(1)), JobState.Succeeded);

        var lines = JobLog.ReadLines(new JobMetadata(host.Storage), job.Id);
        Assert.Equal([LogLevel.Information, LogLevel.Error], lines.Select(line => line.Level));
        Assert.Equal("read 3 rows", lines[0].Message);
        Assert.StartsWith(
            $"skipped{Environment.NewLine}System.InvalidOperationException: row 2", lines[1].Message, StringComparison.Ordinal);
        Assert.Equal((100, "done"), (job.Progress!.Percent, job.Progress.Text));
        var app = host.Logs.Entries.Where(entry => entry.Category.EndsWith(nameof(InspectingJob), StringComparison.Ordinal))
            .Select(entry => entry.Message);
        Assert.Equal(["detail", "read 3 rows", "skipped"], app);
    }

    [Fact]
    public async Task ReportProgress_Throws_ForNotANumber()
    {
        await using var host = await StartAsync(ctx => ctx.ReportProgress(double.NaN));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<InspectingJob, Order>(new Order(1)), JobState.Scheduled);

        Assert.Contains("Progress must be a number from 0 to 100", job.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_OtherThanTheStoredOne_IsWarnedAboutOnce()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<MisnamedJob>());

        await host.WaitForAsync(host.Jobs.Enqueue<MisnamedJob>(), JobState.Succeeded);
        var job = await host.WaitForAsync(host.Jobs.Enqueue<MisnamedJob>(), JobState.Succeeded);

        Assert.Equal("MisnamedJob", job.JobName);
        Assert.Contains("[JobName(\"something else\")]", Assert.Single(host.Logs.With(1103)).Message, StringComparison.Ordinal);
    }

    private static Task<JobHost> StartAsync(Action<IJobContext> inspect) => JobHost.StartAsync(
        jobs => jobs.AddJob<InspectingJob>(), options => options.AppQueue = "crm",
        services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(services, inspect));

    internal sealed record Order(decimal Amount);

    private sealed class InspectingJob(Action<IJobContext> inspect) : IJob<Order>
    {
        public Task<JobResult> ExecuteAsync(Order args, IJobContext ctx, CancellationToken ct = default)
        {
            inspect(ctx);
            _ = ctx.Attempt;
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class MisnamedJob : IJob
    {
        public string Name => "something else";

        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
