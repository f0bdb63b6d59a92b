using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public sealed record SendInvoice(int InvoiceId);

public sealed class SendInvoiceJob : IJob<SendInvoice>
{
    public Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

public sealed class NightlyReconcileJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:RunServer"] = "false";
        builder.Configuration["HangfireJobs:Storage:Provider"] = "Sqlite";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = $"Data Source={Path.Combine(context.Folder, "jobs.db")}";
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<SendInvoiceJob>().AddJob<NightlyReconcileJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        //<example 1>
        Xunit.Assert.NotNull(jobs.TriggerRecurring("NightlyReconcileJob"));
    }
}
