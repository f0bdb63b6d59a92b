using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Testing;
using Xunit;

public interface IMail
{
    Task SendAsync(int invoice, string key, CancellationToken ct);
}

public sealed class FakeMail : IMail
{
    private readonly HashSet<string> _keys = [];

    public List<int> Sent { get; } = [];

    public Task SendAsync(int invoice, string key, CancellationToken ct)
    {
        if (_keys.Add(key))
            Sent.Add(invoice);
        return Task.CompletedTask;
    }
}

public sealed record SendInvoice(int InvoiceId);

public sealed record ArchiveInvoice(int InvoiceId);

public sealed class ArchiveInvoiceJob : IJob<ArchiveInvoice>
{
    public Task<JobResult> ExecuteAsync(ArchiveInvoice args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

public sealed class Tests
{
    //<example 1>
}

public sealed class SendInvoiceJob(IMail mail, IHangfireJobService jobs) : IJob<SendInvoice>
{
    //<example 2>
}

public static class Harness
{
    public static Task RunAsync(ExampleContext context) => new Tests().SendInvoice_SendsItOnce_WhereverItsProcessDies();
}
