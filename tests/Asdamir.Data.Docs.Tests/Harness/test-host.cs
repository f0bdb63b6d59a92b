using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Testing;
using Xunit;

public interface IMail
{
    void Send(int invoice);
}

public sealed class FakeMail : IMail
{
    public List<int> Sent { get; } = [];

    public void Send(int invoice) => Sent.Add(invoice);
}

public sealed record SendInvoice(int InvoiceId);

public sealed record ArchiveInvoice(int InvoiceId);

public sealed class SendInvoiceJob(IMail mail, IHangfireJobService jobs) : IJob<SendInvoice>
{
    public async Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        mail.Send(args.InvoiceId);
        await jobs.EnqueueAsync<ArchiveInvoiceJob, ArchiveInvoice>(new(args.InvoiceId), ct: ct);
        return JobResult.Success();
    }
}

public sealed class ArchiveInvoiceJob : IJob<ArchiveInvoice>
{
    public Task<JobResult> ExecuteAsync(ArchiveInvoice args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

[RecurringJob("0 2 * * *")]
public sealed class CloseNightJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

public sealed class Tests
{
    //<example 1>

    //<example 2>
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        await new Tests().SendInvoice_SendsTheInvoice_AndArchivesIt();
        await new Tests().Night_IsClosedAtTwo();
    }
}
