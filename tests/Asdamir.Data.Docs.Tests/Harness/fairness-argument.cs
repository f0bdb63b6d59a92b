using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

//<example 1>

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:RunServer"] = "false";
        builder.Configuration["HangfireJobs:Storage:Provider"] = "Sqlite";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = $"Data Source={Path.Combine(context.Folder, "jobs.db")}";
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<ImportJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        Xunit.Assert.NotNull(jobs.Find(jobs.Enqueue(new Import("tenant-7", "a.csv"))));
    }
}
