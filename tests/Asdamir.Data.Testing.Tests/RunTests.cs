using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Asdamir.Data.Testing.Tests;

public sealed class RunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ShowsResultLogProgressStepsAndCursors()
    {
        await using var host = await TestHost.StartAsync();

        var run = await host.RunAsync<SendInvoiceJob>(new SendInvoice(42), Token);

        Assert.Same(run, run.EnsureSucceeded());
        Assert.Equal(JobState.Succeeded, run.State);
        Assert.Equal(JobOutcome.Success, run.Result?.Outcome);
        Assert.Equal("Sending invoice 42", Assert.Single(run.Log).Message);
        Assert.Equal("sending", run.Progress?.Text);
        Assert.Equal("send", Assert.Single(run.Steps).Name);
        Assert.Equal("42", Assert.Single(run.Cursors).Value);
        Assert.Equal([42], host.Services.GetRequiredService<FakeMail>().Sent);
        Assert.Equal(TestHost.Start, (await host.Jobs.FindAsync(run.JobId, Token))?.CreatedAt);
    }

    [Fact]
    public async Task Run_ExecutesNoOtherJob_AndLeavesTheOrderOfTheQueue()
    {
        await using var host = await TestHost.StartAsync();
        var first = await host.Jobs.EnqueueAsync<CloseJob>(ct: Token);
        var second = await host.Jobs.EnqueueAsync<CloseJob>(ct: Token);

        await host.RunAsync<SendInvoiceJob>(new SendInvoice(42), Token);

        Assert.Equal(JobState.Enqueued, host.Jobs.Find(first)?.State);
        var runs = await host.DrainAsync(Token);
        Assert.Equal([first, second], runs.Take(2).Select(static run => run.JobId));
    }

    [Fact]
    public async Task Run_OfAJobThatThrows_HasItsException_AndEnsureSucceededSaysAll()
    {
        await using var host = await TestHost.StartAsync();
        host.Services.GetRequiredService<FakeMail>().Fault = new InvalidOperationException("The server is down.");

        var run = await host.RunAsync<SendInvoiceJob>(new SendInvoice(42), Token);

        Assert.Equal(JobState.Scheduled, run.State);
        Assert.Equal(TestHost.Start.AddSeconds(30), run.DueAt);
        Assert.IsType<InvalidOperationException>(run.Exception);
        var failure = Assert.Throws<JobAssertionException>(() => run.EnsureSucceeded());
        Assert.Same(run.Exception, failure.InnerException);
        Assert.Contains(
            "SendInvoiceJob '1' has not succeeded: it is Scheduled for 2026-03-01 20:00:30Z.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("System.InvalidOperationException: The server is down.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Information: Sending invoice 42", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NamesTheServiceThatIsMissing()
    {
        await using var host = await TestHost.StartAsync(static app => app.Services.RemoveAll<IMail>());

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => host.RunAsync<SendInvoiceJob>(new SendInvoice(42), Token));

        Assert.Contains("SendInvoiceJob could not be created", failure.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(IMail).FullName!, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: register", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusesOtherArguments()
    {
        await using var host = await TestHost.StartAsync();

        var other = await Assert.ThrowsAsync<ArgumentException>(() => host.RunAsync<SendInvoiceJob>(42, Token));
        var missing = await Assert.ThrowsAsync<ArgumentException>(() => host.RunAsync<SendInvoiceJob>(cancellationToken: Token));
        var unwanted = await Assert.ThrowsAsync<ArgumentException>(() => host.RunAsync<CloseJob>(42, Token));

        Assert.Contains("SendInvoiceJob takes arguments of type", other.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32", other.Message, StringComparison.Ordinal);
        Assert.Contains("passed none", missing.Message, StringComparison.Ordinal);
        Assert.Contains("CloseJob takes no arguments", unwanted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfAJobThatNeverEnds_FailsWithWhatIsKnownOfIt()
    {
        await using var host = await TestHost.StartAsync(options: new JobHostOptions { Timeout = TimeSpan.FromMilliseconds(300) });

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => host.RunAsync<NeverEndingJob>(cancellationToken: Token));

        Assert.Contains("NeverEndingJob '1' has not ended after 00:00:00.3000000", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Steps done: first", failure.Message, StringComparison.Ordinal);
        Assert.Contains("host.Clock.Advance", failure.Message, StringComparison.Ordinal);
        (await host.RunAsync<CloseJob>(cancellationToken: Token)).EnsureSucceeded();
    }

    [Fact]
    public async Task Run_OfAJobThatWaitsByTheClock_EndsWhenTheClockAdvances()
    {
        await using var host = await TestHost.StartAsync();

        var running = host.RunAsync<WaitingJob>(cancellationToken: Token);
        while (!running.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            await Task.Delay(5, Token);
        }

        (await running).EnsureSucceeded();
    }

    [Fact]
    public async Task Run_OfAJobThatDoesNotWait_SaysItsState()
    {
        await using var host = await TestHost.StartAsync();
        var later = await host.Jobs.ScheduleAsync<CloseJob>(TimeSpan.FromHours(1), Token);

        var scheduled = await Assert.ThrowsAsync<InvalidOperationException>(() => host.RunAsync(later, Token));
        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => host.RunAsync("4711", Token));

        Assert.Contains("Scheduled for 2026-03-01 21:00:00Z", scheduled.Message, StringComparison.Ordinal);
        Assert.Contains("There is no job '4711'", unknown.Message, StringComparison.Ordinal);
    }
}
