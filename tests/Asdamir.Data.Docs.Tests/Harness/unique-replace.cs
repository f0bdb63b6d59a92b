using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public sealed record Import(int Customer, string File);

public sealed class ImportJob : IJob<Import>
{
    public Task<JobResult> ExecuteAsync(Import args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

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
        //<example 1>
        Xunit.Assert.Equal((import.JobId, true), (again.JobId, again.Replaced));
        Xunit.Assert.Equal(JobState.Scheduled, jobs.Find(import.JobId)!.State);
    }
}
