using System.Collections.Concurrent;
using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

public interface IReports
{
    Task WriteAsync(string region, CancellationToken ct);
}

public sealed class Reports : IReports
{
    public ConcurrentQueue<string> Written { get; } = [];

    public Task WriteAsync(string region, CancellationToken ct)
    {
        Written.Enqueue(region);
        return Task.CompletedTask;
    }
}

//<example 1>
public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        var reports = new Reports();
        builder.Services.AddSingleton<IReports>(reports);
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<ReportJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        //<example 2>
        await Kit.Until.TrueAsync(() => reports.Written.Contains("north"), "the triggered report is written");

        var next = (await app.Services.GetRequiredService<IJobMonitor>().GetRecurringJobsAsync(ExampleContext.Cancellation))
            .Single().NextExecution;
        var local = TimeZoneInfo.ConvertTime(next!.Value, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Xunit.Assert.Equal((6, 30), (local.Hour, local.Minute));
        Xunit.Assert.InRange(local.DayOfWeek, DayOfWeek.Monday, DayOfWeek.Friday);
    }
}
