using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace Asdamir.Data.Tests.Execution;

public sealed class OutcomeTests
{
    [Fact]
    public async Task Success_StoresDurationAndOutput_WhenGiven()
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<OutcomeJob, string>("output"), JobState.Succeeded);

        Assert.Equal("""{"duration":"00:00:07","output":{"count":3,"note":"ä"}}""", job.ResultJson);
    }

    [Theory]
    [InlineData("failure message", typeof(JobFailedException), "ledger is locked")]
    [InlineData("failure exception", typeof(TimeZoneNotFoundException), "no such zone")]
    [InlineData("throw", typeof(DivideByZeroException), "by nought")]
    [InlineData("null", typeof(JobFailedException), "Job 'OutcomeJob' returned null instead of a JobResult.")]
    [
        InlineData(
            "null task", typeof(JobFailedException),
            "Job 'OutcomeJob' returned null instead of a task. Fix: make its ExecuteAsync async, or return Task.FromResult(…).")
    ]
    public async Task Failure_StoresTheOriginalTypeAndMessage_WhenTheAttemptsAreUsedUp(string outcome, Type exception, string message)
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<OutcomeJob, string>(outcome), JobState.Failed);

        Assert.Equal(message, job.Error);
        Assert.Equal(exception.FullName, host.StateOf(job.Id).Data["ExceptionType"]);
        Assert.Equal(2, host.Probe.Notes.Count);
    }

    [Theory]
    [InlineData("permanent message", typeof(JobFailedException), "card was refused")]
    [InlineData("permanent exception", typeof(NotSupportedException), "never")]
    public async Task PermanentFailure_IsNotRetried_WithAttemptsLeft(string outcome, Type exception, string message)
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<OutcomeJob, string>(outcome), JobState.Failed);

        Assert.Equal((message, exception.FullName), (job.Error, host.StateOf(job.Id).Data["ExceptionType"]));
        Assert.Single(host.Probe.Notes);
    }

    [Fact]
    public async Task RunAgainAfter_UsesNoAttempt_WhenTheJobAsksForIt()
    {
        await using var host = await StartAsync();
        // Hangfire stores whole milliseconds.
        var before = DateTime.UtcNow.AddMilliseconds(-1);

        var job = await host.WaitForAsync(host.Jobs.Enqueue<OutcomeJob, string>("again"), JobState.Scheduled);

        Assert.Equal("Runs again: not yet", job.Reason);
        Assert.True(host.Parameter(job.Id, "RetryCount") is null or "0");
        var due = Hangfire.Common.JobHelper.DeserializeDateTime(host.StateOf(job.Id).Data["EnqueueAt"]);
        Assert.InRange(due, before.AddHours(1), DateTime.UtcNow.AddHours(1));
    }

    [Fact]
    public async Task RunAgainAfter_RunsAgainAsTheSameAttempt_WhenItsTimeHasCome()
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<OutcomeJob, string>("again at once"), JobState.Succeeded);

        Assert.Equal(["again at once 1/2", "again at once 1/2"], host.Probe.Notes);
        Assert.True(host.Parameter(job.Id, "RetryCount") is null or "0");
    }

    [Fact]
    public async Task Failure_GivesTheAttemptAndItsMaximum_InTheContext()
    {
        await using var host = await StartAsync();

        await host.WaitForAsync(host.Jobs.Enqueue<OutcomeJob, string>("throw"), JobState.Failed);

        Assert.Equal(["throw 1/2", "throw 2/2"], host.Probe.Notes);
    }

    [Fact]
    public async Task AutomaticRetry_FailsAfterOneJob_WithZeroAttemptsOnTheClass()
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<OneShotJob>(), JobState.Failed);

        Assert.Equal("missed", job.Error);
        Assert.Equal(["1/1"], host.Probe.Notes);
    }

    [Theory]
    [InlineData(nameof(ArgumentOutOfRangeException), 2)]
    [InlineData(nameof(InvalidOperationException), 1)]
    public async Task AutomaticRetry_SeesTheOriginalException_WithOnlyOnOnTheClass(string exception, int runs)
    {
        await using var host = await StartAsync();

        await host.WaitForAsync(host.Jobs.Enqueue<OnlyOnJob, string>(exception), JobState.Failed);

        Assert.Equal(runs, host.Probe.Notes.Count);
    }

    [Theory]
    [InlineData(nameof(ArgumentOutOfRangeException), 1)]
    [InlineData(nameof(InvalidOperationException), 2)]
    public async Task AutomaticRetry_SeesTheOriginalException_WithExceptOnOnTheMethod(string exception, int runs)
    {
        await using var host = await StartAsync();

        await host.WaitForAsync(host.Jobs.Enqueue<ExceptOnJob, string>(exception), JobState.Failed);

        Assert.Equal(runs, host.Probe.Notes.Count);
    }

    private static Task<JobHost> StartAsync() => JobHost.StartAsync(
        jobs => jobs.AddJob<OutcomeJob>().AddJob<OneShotJob>().AddJob<OnlyOnJob>().AddJob<ExceptOnJob>(),
        options => options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero });

    private static Exception Create(string name) =>
        name == nameof(ArgumentOutOfRangeException)
            ? new ArgumentOutOfRangeException(nameof(name))
            : new InvalidOperationException("invalid");

    private sealed class OutcomeJob(Probe probe) : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            var isFirst = probe.Notes.Count == 0;
            probe.Note($"{args} {ctx.Attempt}/{ctx.MaxAttempts}");
            return args == "null task" ? null! : Task.FromResult(args switch
            {
                "output" => JobResult.Success(TimeSpan.FromSeconds(7), new { Count = 3, Note = "ä" }),
                "failure message" => JobResult.Failure("ledger is locked"),
                "failure exception" => JobResult.Failure(new TimeZoneNotFoundException("no such zone")),
                "permanent message" => JobResult.PermanentFailure("card was refused"),
                "permanent exception" => JobResult.PermanentFailure(new NotSupportedException("never")),
                "again" => JobResult.RunAgainAfter(TimeSpan.FromHours(1), "not yet"),
                "again at once" => isFirst ? JobResult.RunAgainAfter(TimeSpan.Zero) : JobResult.Success(),
                "throw" => throw new DivideByZeroException("by nought"),
                _ => null!,
            });
        }
    }

    [AutomaticRetry(Attempts = 0)]
    private sealed class OneShotJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note($"{ctx.Attempt}/{ctx.MaxAttempts}");
            return Task.FromResult(JobResult.Failure("missed"));
        }
    }

    [AutomaticRetry(Attempts = 1, DelaysInSeconds = [0], OnlyOn = [typeof(ArgumentException)])]
    private sealed class OnlyOnJob(Probe probe) : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            return Task.FromResult(JobResult.Failure(Create(args)));
        }
    }

    private sealed class ExceptOnJob(Probe probe) : IJob<string>
    {
        [AutomaticRetry(Attempts = 1, DelaysInSeconds = [0], ExceptOn = [typeof(ArgumentException)])]
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            throw Create(args);
        }
    }
}
