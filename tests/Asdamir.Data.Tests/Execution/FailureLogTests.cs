using Asdamir.Data.HangfireJobs;
using Hangfire.Server;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Execution;

/// <summary>
/// Hangfire has one log for the process, which belongs to the host that started last, so no other host may run meanwhile.
/// </summary>
[CollectionDefinition(nameof(FailureLogTests), DisableParallelization = true)]
[Collection(nameof(FailureLogTests))]
public sealed class FailureLogTests
{
    [Theory]
    [InlineData("aborted", nameof(JobAbortedException))]
    [InlineData("null message", nameof(NullMessageException))]
    public async Task Failure_IsLoggedWithItsType_WhateverTheJobThrows(string kind, string type)
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<ThrowingJob>(), options => options.Retry.Attempts = 0);

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ThrowingJob, string>(kind), JobState.Failed);

        Assert.Contains(type, job.Error, StringComparison.Ordinal);
        Assert.Contains(
            host.Logs.Entries, entry => entry.Level >= LogLevel.Warning && entry.Message.Contains($"'{job.Id}'", StringComparison.Ordinal));
    }

    private sealed class NullMessageException : Exception
    {
        public override string Message => null!;
    }

    private sealed class ThrowingJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            throw (args == "aborted" ? new JobAbortedException() : new NullMessageException());
    }
}
