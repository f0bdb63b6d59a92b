using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Frameworks;

/// <summary>An app with two jobs and a schedule, which is tested with each test framework.</summary>
internal static class Invoices
{
    public static void AddApp(IHostApplicationBuilder app)
    {
        app.AddCoreHangfireJobs(static jobs => jobs.ScanEntryAssembly = false)
            .AddJob<SendInvoiceJob>().AddJob<ArchiveInvoiceJob>().AddJob<CloseNightJob>();
        app.Services.AddSingleton<FakeMail>();
        app.Services.AddSingleton<IMail>(static services => services.GetRequiredService<FakeMail>());
    }
}

public sealed record SendInvoice(int InvoiceId);

public sealed record ArchiveInvoice(int InvoiceId);

public interface IMail
{
    Task SendAsync(int invoiceId, string key, CancellationToken ct);
}

/// <summary>Sends nothing twice that has the same key.</summary>
internal sealed class FakeMail : IMail
{
    private readonly HashSet<string> _keys = [];

    public List<int> Sent { get; } = [];

    public Task SendAsync(int invoiceId, string key, CancellationToken ct)
    {
        if (_keys.Add(key))
            Sent.Add(invoiceId);
        return Task.CompletedTask;
    }
}

internal sealed class SendInvoiceJob(IMail mail, IHangfireJobService jobs) : IJob<SendInvoice>
{
    public async Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        await mail.SendAsync(args.InvoiceId, key: ctx.JobId, ct);
        await jobs.EnqueueAsync<ArchiveInvoiceJob, ArchiveInvoice>(
            new(args.InvoiceId), new JobOptions { IdempotencyKey = $"archive {ctx.JobId}" }, ct);
        return JobResult.Success();
    }
}

internal sealed class ArchiveInvoiceJob : IJob<ArchiveInvoice>
{
    public Task<JobResult> ExecuteAsync(ArchiveInvoice args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

[RecurringJob("0 2 * * *")]
internal sealed class CloseNightJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}
