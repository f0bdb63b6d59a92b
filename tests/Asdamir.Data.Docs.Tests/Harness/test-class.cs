using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using NSubstitute;
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

public sealed class SendInvoiceJob(IMail mail) : IJob<SendInvoice>
{
    public Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        mail.Send(args.InvoiceId);
        return Task.FromResult(JobResult.Success());
    }
}

public sealed class Tests
{
    //<example 1>
}

public static class Harness
{
    public static Task RunAsync(ExampleContext context) => new Tests().SendInvoice_SendsTheInvoice();
}
