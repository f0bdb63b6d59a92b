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

public sealed class MailReportJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<SendInvoiceJob>().AddJob<NightlyReconcileJob>()
            .AddJob<MailReportJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        SendInvoice[] invoices = [new(1), new(2)];
        //<example 1>
        Xunit.Assert.NotNull(job);
        await ExampleContext.WaitForSuccessAsync(jobs, jobs.Enqueue<MailReportJob>());
    }
}
