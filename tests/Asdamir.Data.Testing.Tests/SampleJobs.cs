using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Testing.Tests;

public sealed record SendInvoice(int InvoiceId);

public sealed record ArchiveInvoice(int InvoiceId, string Password);

public interface IMail
{
    Task SendAsync(int invoiceId, CancellationToken ct);
}

internal sealed class FakeMail : IMail
{
    public List<int> Sent { get; } = [];

    public Exception? Fault { get; set; }

    public Task SendAsync(int invoiceId, CancellationToken ct)
    {
        if (Fault is not null)
            return Task.FromException(Fault);
        Sent.Add(invoiceId);
        return Task.CompletedTask;
    }
}

internal sealed class SendInvoiceJob(IMail mail, IHangfireJobService jobs) : IJob<SendInvoice>
{
    public async Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        ctx.Logger.LogInformation("Sending invoice {Id}", args.InvoiceId);
        ctx.ReportProgress(50, "sending");
        await ctx.StepAsync("send", token => mail.SendAsync(args.InvoiceId, token), ct);
        await ctx.Cursor<int>("last").SaveAsync(args.InvoiceId, ct);
        await jobs.EnqueueAsync<ArchiveInvoiceJob, ArchiveInvoice>(new(args.InvoiceId, "secret"), ct: ct);
        return JobResult.Success(output: new { Sent = args.InvoiceId });
    }
}

internal sealed class ArchiveInvoiceJob(IHangfireJobService jobs) : IJob<ArchiveInvoice>
{
    public async Task<JobResult> ExecuteAsync(ArchiveInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        await jobs.ContinueWithAsync<CloseJob>(ctx.JobId, ct: ct);
        return JobResult.Success();
    }
}

internal sealed class CloseJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

[Limit("daily", Rate = "1/d")]
internal sealed class DailyJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

internal sealed class EndlessChainJob(IHangfireJobService jobs) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        await jobs.EnqueueAsync<EndlessChainJob>(ct: ct);
        return JobResult.Success();
    }
}

internal sealed class NeverEndingJob : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        await ctx.StepAsync("first", static _ => Task.CompletedTask, ct);
        await new TaskCompletionSource().Task;
        return JobResult.Success();
    }
}

internal sealed class WaitingJob(TimeProvider time) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(TimeSpan.FromHours(1), time, ct);
        return JobResult.Success();
    }
}

[RecurringJob("0 2 * * *", Id = "nightly", TimeZone = "UTC")]
internal sealed class NightlyJob(Ran ran, TimeProvider time) : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        ran.At.Add(time.GetUtcNow());
        return Task.FromResult(JobResult.Success());
    }
}

internal sealed class FlakyJob(Ran ran, TimeProvider time) : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        ran.At.Add(time.GetUtcNow());
        return Task.FromResult(ctx.Attempt < 3 ? JobResult.Failure("The bank does not answer.") : JobResult.Success());
    }
}

[Retry(2, On = typeof(TimeoutException), Backoff = RetryBackoff.Fixed, BaseDelay = "00:01:00"), Retry(0)]
internal sealed class RuledJob(Ran ran, TimeProvider time) : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        ran.At.Add(time.GetUtcNow());
        return Task.FromResult(ctx.Attempt switch
        {
            1 => JobResult.Failure(new TimeoutException("The bank does not answer.")),
            2 => JobResult.RetryAfter(TimeSpan.FromMilliseconds(1_500), new TimeoutException("The bank is busy.")),
            _ => JobResult.Failure("The account is closed."),
        });
    }
}

/// <summary>When jobs were executed.</summary>
internal sealed class Ran
{
    public List<DateTimeOffset> At { get; } = [];
}
