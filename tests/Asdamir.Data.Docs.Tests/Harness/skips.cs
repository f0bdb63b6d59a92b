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
        builder.Configuration["HangfireJobs:RunServer"] = "false";
        builder.Configuration["HangfireJobs:Storage:Provider"] = "Sqlite";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = $"Data Source={Path.Combine(context.Folder, "jobs.db")}";
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<SyncJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        Xunit.Assert.Equal(
            ["sync 1 True"],
            ((IJobLimits)app.Services.GetRequiredService<JobStorage>()).Limits()
                .Select(limit => $"{limit.Name} {limit.MaxRunning} {limit.Skips}"));
    }
}
