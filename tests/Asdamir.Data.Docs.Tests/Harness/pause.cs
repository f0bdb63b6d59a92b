using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Storage:Provider"] = "Sqlite";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = $"Data Source={Path.Combine(context.Folder, "jobs.db")}";
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var monitor = app.Services.GetRequiredService<IJobMonitor>();

        //<example 1>

        var queues = await monitor.GetQueuesAsync(cancellationToken: ExampleContext.Cancellation);
        Xunit.Assert.Equal("Ledger migration.", queues.Single(static queue => queue.Name == "crm").Pause?.Reason);
    }
}
