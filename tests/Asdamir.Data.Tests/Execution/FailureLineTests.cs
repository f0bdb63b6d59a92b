using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Execution;

/// <summary>A failed attempt is one line with the job's name.</summary>
public sealed class FailureLineTests
{
    [Fact]
    public async Task FailedAttempt_IsOneLineWithTheJobsName()
    {
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<MoodyJob>(), options => (options.Retry.Attempts, options.Retry.BaseDelay) = (1, TimeSpan.Zero));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<MoodyJob, string>("result"), JobState.Failed);

        var logged = host.Logs.Warnings.Where(line => line.Message.Contains($"'{job.Id}'", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, logged.Count);
        Assert.All(logged, line => Assert.Contains($"Job {nameof(MoodyJob)} '{job.Id}'", line.Message, StringComparison.Ordinal));
        Assert.All(logged, static line => Assert.Contains("The mail server does not answer.", line.Message, StringComparison.Ordinal));
        // The stack of a result would only name the framework.
        Assert.All(logged, static line => Assert.Null(line.Exception));
        Assert.Equal([LogLevel.Warning, LogLevel.Error], logged.Select(static line => line.Level));
    }

    [Theory]
    [InlineData("thrown")]
    [InlineData("permanent")]
    public async Task FailedAttempt_HasTheException_WhenTheJobHasOne(string kind)
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<MoodyJob>(), static options => options.Retry.Attempts = 0);

        var job = await host.WaitForAsync(host.Jobs.Enqueue<MoodyJob, string>(kind), JobState.Failed);

        // Hangfire's own lines go to all hosts of the process, and each in-memory storage has a job of this id.
        var line = Assert.Single(
            host.Logs.Warnings, line => line.Message.Contains($"Job {nameof(MoodyJob)} '{job.Id}'", StringComparison.Ordinal));
        Assert.IsType<InvalidOperationException>(line.Exception);
    }

    private sealed class MoodyJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) => args switch
        {
            "result" => Task.FromResult(JobResult.Failure("The mail server does not answer.")),
            "permanent" => Task.FromResult(JobResult.PermanentFailure(new InvalidOperationException("no such mailbox"))),
            _ => throw new InvalidOperationException("no such mailbox"),
        };
    }
}
