using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Testing.Tests;

public sealed class EnqueuedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enqueued_ReturnsTheJob_WithArgumentsThatAreNotMasked()
    {
        await using var host = await TestHost.StartAsync();
        await host.RunAsync<SendInvoiceJob>(new SendInvoice(42), Token);

        var job = host.Enqueued<ArchiveInvoiceJob>(a => a.InvoiceId == 42 && a.Password == "secret");

        Assert.Equal(job, host.Enqueued<ArchiveInvoiceJob, ArchiveInvoice>(static a => a.InvoiceId == 42));
        Assert.Equal(new ArchiveInvoice(42, "secret"), job.Arguments<ArchiveInvoice>());
        Assert.Equal(JobState.Enqueued, job.State);
        // The test has run it itself.
        host.NotEnqueued<SendInvoiceJob>();
    }

    [Fact]
    public async Task Enqueued_ListsWhatWasEnqueuedInstead()
    {
        await using var host = await TestHost.StartAsync();
        var nothing = Assert.Throws<JobAssertionException>(() => host.Enqueued<SendInvoiceJob>());
        await host.Jobs.EnqueueAsync<SendInvoiceJob, SendInvoice>(new(41), ct: Token);
        await host.Jobs.ScheduleAsync<CloseJob>(TimeSpan.FromMinutes(1), Token);

        var other = Assert.Throws<JobAssertionException>(() => host.Enqueued<SendInvoiceJob>(a => a.InvoiceId == 42));

        Assert.Equal("No SendInvoiceJob was enqueued. Nothing was enqueued.", nothing.Message);
        Assert.Equal(
            [
                "No SendInvoiceJob was enqueued with a => a.InvoiceId == 42. Enqueued were:",
                "  SendInvoiceJob '1' {\"invoiceId\":41}, Enqueued",
                "  CloseJob '2', Scheduled for 2026-03-01 20:01:00Z",
            ],
            other.Message.ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task Enqueued_Fails_WhenSeveralMatch_AndNotEnqueued_WhenOneDoes()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.EnqueueManyAsync<SendInvoiceJob, SendInvoice>([new(1), new(2), new(2)], ct: Token);

        var several = Assert.Throws<JobAssertionException>(() => host.Enqueued<SendInvoiceJob>(a => a.InvoiceId == 2));
        var one = Assert.Throws<JobAssertionException>(() => host.NotEnqueued<SendInvoiceJob>(a => a.InvoiceId == 1));

        Assert.Contains("and 2 were enqueued:", several.Message, StringComparison.Ordinal);
        Assert.Contains("and 1 was enqueued:", one.Message, StringComparison.Ordinal);
        Assert.Equal(3, host.AllEnqueued<SendInvoiceJob>().Count);
        host.NotEnqueued<SendInvoiceJob, SendInvoice>(static a => a.InvoiceId == 3);
    }

    [Fact]
    public async Task Enqueued_SaysThatAConditionDoesNotFitTheArguments()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.EnqueueAsync<SendInvoiceJob, SendInvoice>(new(41), ct: Token);

        var failure = Assert.Throws<JobAssertionException>(() => host.Enqueued<SendInvoiceJob>(a => a.Id == 41));

        Assert.Contains("'Id'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Enqueued<SendInvoiceJob, SendInvoice>(…)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enqueued_SaysThatAJobTypeIsNotRegistered()
    {
        await using var host = await JobHost.StartAsync(
            static app => app.AddCoreHangfireJobs(static jobs => jobs.ScanEntryAssembly = false).AddJob<CloseJob>(),
            cancellationToken: Token);

        var failure = Assert.Throws<InvalidOperationException>(() => host.Enqueued<SendInvoiceJob>());

        Assert.Contains("is not registered as a job. Fix:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enqueued_ShowsContinuations()
    {
        await using var host = await TestHost.StartAsync();
        var run = await host.RunAsync<ArchiveInvoiceJob>(new ArchiveInvoice(42, "secret"), Token);

        var continuation = host.Enqueued<CloseJob>();

        Assert.Equal(run.JobId, continuation.ParentId);
        (await host.RunAsync(continuation.Id, Token)).EnsureSucceeded();
    }

    [Fact]
    public async Task Recurring_FindsDeclaredAndAddedSchedules_AndListsThemOtherwise()
    {
        await using var host = await TestHost.StartAsync();
        await host.Jobs.AddOrUpdateRecurringAsync<CloseJob>("0 12 * * *", new RecurringOptions { Id = "close" }, Token);

        Assert.Equal("0 2 * * *", host.Recurring<NightlyJob>().Cron);
        Assert.Equal("0 12 * * *", host.Recurring<CloseJob>("close").Cron);
        var failure = Assert.Throws<JobAssertionException>(() => host.Recurring<CloseJob>("other"));

        Assert.Contains("CloseJob has no schedule 'other'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nightly: NightlyJob, 0 2 * * * (UTC), next at 2026-03-02 02:00:00Z", failure.Message, StringComparison.Ordinal);
    }
}
