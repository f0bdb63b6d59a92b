using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Hangfire;

//<example 1>

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Storage:Provider"] = "Sqlite";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = $"Data Source={Path.Combine(context.Folder, "jobs.db")}";
        builder.Services.AddCoreHangfireJobs(builder.Configuration)
            .AddJob<LoadJob>().AddJob<PartJob>().AddJob<ReportJob>().AddJob<CleanUpJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        var ct = ExampleContext.Cancellation;

        //<example 2>

        var workflows = (IJobWorkflows)app.Services.GetRequiredService<JobStorage>();
        while (jobs.Find(report.JobIds[0])!.State != JobState.Succeeded || workflows.FindWorkflow(id)!.FinishedAt is null)
            await Task.Delay(50, ct);
        Xunit.Assert.Contains("300", jobs.Find(report.JobIds[0])!.ResultJson, StringComparison.Ordinal);
        Xunit.Assert.Equal(4, workflows.FindWorkflow(id)!.Succeeded);
    }
}
