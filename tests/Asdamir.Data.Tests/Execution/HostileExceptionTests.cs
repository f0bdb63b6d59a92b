using System.Collections;
using System.Reflection;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;

namespace Asdamir.Data.Tests.Execution;

/// <summary>Whatever a job throws: the attempt fails and is retried, and then the job is Failed.</summary>
public sealed class HostileExceptionTests
{
    public static TheoryData<string> Kinds => [.. Throwing.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Execute_FailsAndIsRetried_WhateverTheJobThrows(string kind)
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ThrowingJob, string>(kind), JobState.Failed);

        Assert.Equal(2, host.Probe.Count(kind));
        Assert.Contains(
            Throwing.Kinds[kind]().GetType().Name,
            $"{job.Error} {host.StateOf(job.Id).Data["ExceptionType"]} {host.StateOf(job.Id).Data["ExceptionDetails"]}",
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Execute_FailsAndIsRetried_WhateverAFailureResultCarries(string kind)
    {
        await using var host = await StartAsync();

        await host.WaitForAsync(host.Jobs.Enqueue<ReturningJob, string>(kind), JobState.Failed);

        Assert.Equal(2, host.Probe.Count(kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Execute_FailsAndIsRetried_WhateverAFilterOnTheJobThrows(string kind)
    {
        await using var host = await StartAsync();
        ThrowingFilterAttribute.Create = Throwing.Kinds[kind];

        var job = await host.WaitForAsync(host.Jobs.Enqueue<FilteredJob>(), JobState.Failed);

        Assert.Equal("1", host.Parameter(job.Id, "RetryCount"));
    }

    [Theory]
    [InlineData(nameof(NullMessageException), 2)]
    [InlineData("aborted", 1)]
    public async Task AutomaticRetry_ComparesTheOriginalType_WhenTheExceptionIsReplaced(string kind, int runs)
    {
        await using var host = await StartAsync();

        await host.WaitForAsync(host.Jobs.Enqueue<OnlyOnJob, string>(kind), JobState.Failed);

        Assert.Equal(runs, host.Probe.Count(kind));
    }

    [Fact]
    public async Task Log_KeepsTheLine_WhenTheExceptionCannotBeFormatted()
    {
        await using var host = await StartAsync();

        await host.WaitForAsync(host.Jobs.Enqueue<LoggingJob>(), JobState.Succeeded);
    }

    private static Task<JobHost> StartAsync() => JobHost.StartAsync(
        jobs => jobs.AddJob<ThrowingJob>().AddJob<ReturningJob>().AddJob<FilteredJob>().AddJob<OnlyOnJob>().AddJob<LoggingJob>(),
        options => options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero });

    private static class Throwing
    {
        public static Dictionary<string, Func<Exception>> Kinds { get; } = new()
        {
            ["aborted"] = static () => new JobAbortedException(),
            ["aborted inside"] = static () => new AggregateException(new JobAbortedException()),
            ["cancelled"] = static () => new TaskCanceledException(),
            ["cancelled, subclass"] = static () => new OwnCancellationException(),
            ["empty aggregate"] = static () => new AggregateException(),
            ["empty invocation"] = static () => new TargetInvocationException(null),
            ["performance"] = static () => new JobPerformanceException("performance", new InvalidOperationException()),
            [nameof(NullMessageException)] = static () => new NullMessageException(),
            ["null message inside"] = static () => new InvalidOperationException("outer", new NullMessageException()),
            [nameof(BadMessageException)] = static () => new BadMessageException(),
            ["bad message inside"] = static () => new InvalidOperationException("outer", new BadMessageException()),
            [nameof(BadTextException)] = static () => new BadTextException(),
            [nameof(BadStackException)] = static () => new BadStackException(),
            [nameof(BadDataException)] = static () => new BadDataException(),
            ["deep"] = static () => Deep(200_000),
            ["deep aggregates"] = static () => DeepAggregates(100_000),
            ["wide"] = static () => Wide(40),
            ["nul"] = static () => new InvalidOperationException("a\0b"),
        };

        private static Exception Deep(int depth)
        {
            Exception exception = new InvalidOperationException("innermost");
            for (var i = 0; i < depth; i++)
                exception = new InvalidOperationException("outer", exception);
            return exception;
        }

        // With other exceptions between them, as the message of an aggregate contains those of the aggregates inside it.
        private static Exception DeepAggregates(int depth)
        {
            Exception exception = new InvalidOperationException("innermost");
            for (var i = 0; i < depth; i++)
                exception = i % 2 == 0 ? new AggregateException("aggregate", exception) : new InvalidOperationException("outer", exception);
            return exception;
        }

        // Each level doubles what a formatter would write.
        private static Exception Wide(int levels)
        {
            Exception exception = new InvalidOperationException("leaf");
            for (var i = 0; i < levels; i++)
                exception = new InvalidOperationException("outer", new QuietAggregateException([exception, exception]));
            return exception;
        }
    }

    private sealed class QuietAggregateException(IEnumerable<Exception> inner) : AggregateException(inner)
    {
        public override string Message => "several";
    }

    private sealed class OwnCancellationException : OperationCanceledException;

    private sealed class NullMessageException : Exception
    {
        public override string Message => null!;
    }

    private sealed class BadMessageException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }

    private sealed class BadTextException : Exception
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class BadStackException : Exception
    {
        public override string StackTrace => throw new InvalidOperationException("no stack trace");
    }

    private sealed class BadDataException : Exception
    {
        public override IDictionary Data => null!;
    }

    private sealed class ThrowingJob(Probe probe) : IJob<string>
    {
        public async Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            await Task.Yield();
            throw Throwing.Kinds[args]();
        }
    }

    private sealed class ReturningJob(Probe probe) : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            return Task.FromResult(JobResult.Failure(Throwing.Kinds[args]()));
        }
    }

    [AutomaticRetry(Attempts = 1, DelaysInSeconds = [0], OnlyOn = [typeof(NullMessageException)])]
    private sealed class OnlyOnJob(Probe probe) : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            throw Throwing.Kinds[args]();
        }
    }

    private sealed class ThrowingFilterAttribute : JobFilterAttribute, IServerFilter
    {
        public static Func<Exception>? Create { get; set; }

        public void OnPerforming(PerformingContext context) => throw Create!();

        public void OnPerformed(PerformedContext context)
        {
        }
    }

    [ThrowingFilter]
    private sealed class FilteredJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class LoggingJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            ctx.Logger.Log(Microsoft.Extensions.Logging.LogLevel.Warning, default, 0, new BadMessageException(), static (_, _) => "noted");
            return Task.FromResult(JobResult.Success());
        }
    }
}
