using Asdamir.Data.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

[assembly: Parallelize(Scope = ExecutionScope.MethodLevel)]

namespace Frameworks.MSTest;

[TestClass]
public sealed class InvoiceTests
{
    [TestMethod]
    public async Task SendInvoice_SendsTheInvoice_AndArchivesIt()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        var run = await host.RunAsync<SendInvoiceJob>(new SendInvoice(42));

        run.EnsureSucceeded();
        CollectionAssert.AreEqual(new[] { 42 }, host.Services.GetRequiredService<FakeMail>().Sent);
        host.Enqueued<ArchiveInvoiceJob>(a => a.InvoiceId == 42);
    }

    [TestMethod]
    public async Task SendInvoice_SendsItOnce_WhereverItsProcessDies()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        var effects = await host.RunTwiceAsync<SendInvoiceJob>(
            new SendInvoice(42), static services => services.GetRequiredService<FakeMail>().Sent);

        Assert.HasCount(3, effects);
    }

    [TestMethod]
    public async Task Night_IsClosedAtTwo()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        var runs = await host.AdvanceToAsync(new TimeOnly(2, 0));

        Assert.AreEqual("CloseNightJob", Assert.ContainsSingle(runs.EnsureSucceeded()).JobName);
    }

    [TestMethod]
    public async Task Expectation_ThatIsNotMet_FailsTheTest()
    {
        await using var host = await JobHost.StartAsync(Invoices.AddApp);

        Assert.ThrowsExactly<JobAssertionException>(() => host.Enqueued<ArchiveInvoiceJob>());
    }
}
