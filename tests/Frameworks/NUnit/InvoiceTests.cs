using Asdamir.Data.Testing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Frameworks.NUnit;

[Parallelizable(ParallelScope.All)]
public sealed class InvoiceTests
{
    [Test]
    public async Task SendInvoice_SendsTheInvoice_AndArchivesIt()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        var run = await host.RunAsync<SendInvoiceJob>(new SendInvoice(42));

        run.EnsureSucceeded();
        Assert.That(host.Services.GetRequiredService<FakeMail>().Sent, Is.EqualTo(new[] { 42 }));
        host.Enqueued<ArchiveInvoiceJob>(a => a.InvoiceId == 42);
    }

    [Test]
    public async Task SendInvoice_SendsItOnce_WhereverItsProcessDies()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        var effects = await host.RunTwiceAsync<SendInvoiceJob>(
            new SendInvoice(42), static services => services.GetRequiredService<FakeMail>().Sent);

        Assert.That(effects, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Night_IsClosedAtTwo()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        var runs = await host.AdvanceToAsync(new TimeOnly(2, 0));

        Assert.That(runs.EnsureSucceeded().Select(static run => run.JobName), Is.EqualTo(new[] { "CloseNightJob" }));
    }

    [Test]
    public async Task Expectation_ThatIsNotMet_FailsTheTest()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        Assert.That(() => host.Enqueued<ArchiveInvoiceJob>(), Throws.TypeOf<JobAssertionException>());
    }
}
