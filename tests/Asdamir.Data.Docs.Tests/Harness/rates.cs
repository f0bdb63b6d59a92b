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
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<CallPartnerJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        Xunit.Assert.NotNull(jobs.Find(jobs.Enqueue(new CallPartner("tenant-7", 7))));
        Xunit.Assert.Equal(
            ["partner-api 100/min", "partner-api-all 20, 1000/5min"],
            ((IJobLimits)app.Services.GetRequiredService<JobStorage>()).Limits()
                .Select(limit => $"{limit.Name} {JobLimits.TextOf(limit.MaxRunning, limit.Rate)}"));
    }
}
