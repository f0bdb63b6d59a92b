using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class RetryRulesInMemory() : RetryRulesTests(StorageKind.InMemory);

public sealed class RetryRulesOnSqlite() : RetryRulesTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class RetryRulesOnPostgreSql() : RetryRulesTests(StorageKind.PostgreSql);

/// <summary>Failed attempts are retried by the rules of the job type, or when the job asks for it.</summary>
public abstract class RetryRulesTests(StorageKind kind) : ScriptedJobTests(kind)
{
    [Theory]
    [InlineData(typeof(TimeoutException), 3)]
    [InlineData(typeof(NotSupportedException), 1)]
    [InlineData(typeof(InvalidOperationException), 2)]
    public async Task Rule_SaysHowOftenTheJobIsExecuted(Type failure, int attempts)
    {
        await using var host = await StartRuledAsync(_ => throw (Exception)Activator.CreateInstance(failure)!);

        var job = await host.WaitForAsync(host.Jobs.Enqueue<AtOnceJob>(), JobState.Failed);

        Assert.Equal(Enumerable.Range(1, attempts).Select(static attempt => $"{attempt}/3"), host.Probe.Notes);
        Assert.Equal(failure.FullName, host.StateOf(job.Id).Data["ExceptionType"]);
    }

    [Fact]
    public async Task Attempts_OfAllExceptionsCount()
    {
        await using var host = await StartRuledAsync(
            static ctx => throw (ctx.Attempt < 3 ? new TimeoutException("slow") : new InvalidOperationException("broken")));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<AtOnceJob>(), JobState.Failed);

        Assert.Equal("broken", job.Error);
        Assert.Equal(3, host.Probe.Notes.Count);
    }

    [Theory]
    [InlineData("not supported", " The rule for NotSupportedException allows no retry.")]
    [InlineData("timeout", " The rule for TimeoutException allows 2 retries.")]
    [InlineData("other", " Its job type allows 1 retry.")]
    [InlineData("asked", " The rule for TimeoutException allows 2 retries. The job asked for another attempt after 00:00:00.")]
    public async Task Failure_SaysWhichRuleAllowedNoMoreRetry(string failure, string rule)
    {
        await using var host = await StartRuledAsync(_ => failure switch
        {
            "not supported" => throw new NotSupportedException(),
            "timeout" => throw new TimeoutException(),
            "asked" => Task.FromResult(JobResult.RetryAfter(TimeSpan.Zero, new TimeoutException())),
            _ => throw new InvalidOperationException(),
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<AtOnceJob>(), JobState.Failed);

        Assert.Equal("An exception occurred during performance of the job." + rule, job.Reason);
    }

    [Fact]
    public async Task History_ShowsEachRetryOnce()
    {
        await using var host = await StartRuledAsync(static _ => Task.FromResult(JobResult.RetryAfter(TimeSpan.FromHours(1), "busy")));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<PatientJob>(), JobState.Scheduled);

        Assert.Equal(
            ["Scheduled", "Failed", "Processing", "Enqueued"],
            host.Storage.GetMonitoringApi().JobDetails(job.Id).History.Select(static state => state.StateName));
    }

    [Fact]
    public async Task Retry_SaysByWhichRuleItWaits()
    {
        await using var host = await StartRuledAsync(static _ => throw new FileNotFoundException("no invoice"));
        var before = Now();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<PatientJob>(), JobState.Scheduled);

        Assert.Equal("Retry attempt 1 of 4 by the rule for IOException: no invoice", job.Reason);
        AssertDue(host, job.Id, before, TimeSpan.FromHours(1));
        Assert.Equal(1, host.Storage.GetMonitoringApi().GetStatistics().Retries);
        var retries = await host.Services.GetRequiredService<IJobMonitor>().GetJobsAsync(
            new JobListFilter { Retries = true }, 10, cancellationToken: TestContext.Current.CancellationToken);
        var retry = Assert.Single(retries.Jobs);
        Assert.Equal((job.Id, 2, "no invoice"), (retry.Id, retry.Attempt, retry.Error));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("busy")]
    public async Task RetryAfter_StartsTheNextAttempt_ExactlyAfterTheDelay(string? message)
    {
        var delay = new TimeSpan(0, 1, 0, 0, 250);
        var result = message is null ? JobResult.RetryAfter(delay) : JobResult.RetryAfter(delay, message);
        await using var host = await StartRuledAsync(_ => Task.FromResult(result));
        var before = Now();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<AtOnceJob>(), JobState.Scheduled);

        Assert.StartsWith(
            $"Retry attempt 1 of 1, after 01:00:00.2500000 as the job asked: {message ?? "The job asked for another attempt"}", job.Reason,
            StringComparison.Ordinal);
        AssertDue(host, job.Id, before, delay);
        Assert.Equal("1", host.Parameter(job.Id, "RetryCount"));
        Assert.Equal(message ?? "The job asked for another attempt after 01:00:00.2500000.", host.StateOf(job.Id).Data["ExceptionMessage"]);
    }

    [Fact]
    public async Task RetryAfter_KeepsTheException_AndObservesItsRule()
    {
        await using var host = await StartRuledAsync(
            static _ => Task.FromResult(JobResult.RetryAfter(TimeSpan.FromHours(1), new FileNotFoundException("no invoice"))));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<PatientJob>(), JobState.Scheduled);

        Assert.Equal("Retry attempt 1 of 4 by the rule for IOException, after 01:00:00 as the job asked: no invoice", job.Reason);
        Assert.Equal(typeof(FileNotFoundException).FullName, host.StateOf(job.Id).Data["ExceptionType"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task RetryAfter_UsesAttempts_UntilTheJobIsFailed(int seconds)
    {
        await using var host = await StartRuledAsync(
            _ => Task.FromResult(JobResult.RetryAfter(TimeSpan.FromSeconds(seconds), "busy")));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<AtOnceJob>(), JobState.Failed);

        Assert.Equal("busy", job.Error);
        Assert.Equal(["1/3", "2/3"], host.Probe.Notes);
    }

    [Fact]
    public async Task RetryAfter_DoesNotDelayALaterFailure_WithTheSameException()
    {
        TimeoutException failure = new("no answer");
        await using var host = await StartRuledAsync(
            ctx => ctx.Attempt == 1 ? Task.FromResult(JobResult.RetryAfter(TimeSpan.Zero, failure)) : throw failure);

        var job = await host.WaitForAsync(host.Jobs.Enqueue<SlowerJob>(), JobState.Scheduled);

        Assert.Equal("Retry attempt 2 of 2 by the rule for TimeoutException: no answer", job.Reason);
    }

    [Fact]
    public async Task RetryAfter_IsObserved_WhenTheAttemptHasTakenTooLong()
    {
        await using var host = await StartAsync(
            static async (_, ct) =>
            {
                await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return JobResult.RetryAfter(TimeSpan.FromHours(2));
            },
            static options => options.DefaultTimeout = TimeSpan.FromMilliseconds(1));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Scheduled);

        Assert.Equal(typeof(JobTimeoutException).FullName, host.StateOf(job.Id).Data["ExceptionType"]);
        Assert.StartsWith("Retry attempt 1 of 2, after 02:00:00 as the job asked: ", job.Reason, StringComparison.Ordinal);
    }

    /// <summary>Storages differ in what they make of half a character, so a reason contains none.</summary>
    [Theory]
    [InlineData(typeof(PatientJob))]
    [InlineData(typeof(ScriptedJob))]
    public async Task Reason_IsTheSameOnEveryStorage_WhenItIsCutWithinACharacter(Type type)
    {
        var text = new string('a', 48) + "🛒 is empty";
        await using var host = await StartRuledAsync(
            _ => throw new IOException(text), static options => options.Retry.BaseDelay = options.Retry.MaxDelay = TimeSpan.FromHours(1));

        var job = await host.WaitForAsync(
            type == typeof(PatientJob) ? host.Jobs.Enqueue<PatientJob>() : host.Jobs.Enqueue<ScriptedJob>(), JobState.Scheduled);

        Assert.EndsWith(": " + new string('a', 48) + "\uFFFD…", job.Reason, StringComparison.Ordinal);
        Assert.Equal(text, host.StateOf(job.Id).Data["ExceptionMessage"]);
    }

    [Fact]
    public async Task Middleware_KnowsWhetherAnExceptionIsRetried()
    {
        await using var host = await StartRuledAsync(
            static _ => throw new TimeoutException("no answer"), add: static jobs => jobs.AddMiddleware<Asking>());

        await host.WaitForAsync(host.Jobs.Enqueue<AtOnceJob>(), JobState.Failed);

        Assert.Equal(
            [
                "1: False, TimeoutException False, NotSupportedException True, InvalidOperationException False",
                "2: False, TimeoutException False, NotSupportedException True, InvalidOperationException True",
                "3: True, TimeoutException True, NotSupportedException True, InvalidOperationException True",
            ],
            host.Probe.Notes.Where(static note => note.Contains(':', StringComparison.Ordinal)));
    }

    // Storages keep whole milliseconds.
    private static DateTime Now() => DateTime.UtcNow.AddMilliseconds(-1);

    private static void AssertDue(JobHost host, string jobId, DateTime before, TimeSpan delay) => Assert.InRange(
        JobHelper.DeserializeDateTime(host.StateOf(jobId).Data["EnqueueAt"]), before + delay, DateTime.UtcNow + delay);

    private Task<JobHost> StartRuledAsync(
        Func<IJobContext, Task<JobResult>> work, Action<HangfireJobsOptions>? configure = null, Action<IHangfireJobsBuilder>? add = null) =>
        StartAsync(
            (ctx, _) => work(ctx),
            options =>
            {
                options.Retry.Jitter = 0;
                configure?.Invoke(options);
            },
            jobs =>
            {
                jobs.AddJob<AtOnceJob>().AddJob<PatientJob>().AddJob<SlowerJob>();
                add?.Invoke(jobs);
            });

    [Retry(2, On = typeof(TimeoutException)), Retry(0, On = typeof(NotSupportedException)), Retry(1)]
    private sealed class AtOnceJob(Probe probe, Func<IJobContext, CancellationToken, Task<JobResult>> script) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note($"{ctx.Attempt}/{ctx.MaxAttempts}");
            return script(ctx, ct);
        }
    }

    [Retry(4, On = typeof(IOException), BaseDelay = "01:00:00", MaxDelay = "01:00:00")]
    private sealed class PatientJob(Func<IJobContext, CancellationToken, Task<JobResult>> script) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => script(ctx, ct);
    }

    [Retry(2, On = typeof(TimeoutException), BaseDelay = "01:00:00")]
    private sealed class SlowerJob(Func<IJobContext, CancellationToken, Task<JobResult>> script) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => script(ctx, ct);
    }

    private sealed class Asking(Probe probe) : IJobMiddleware
    {
        public Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            Exception[] exceptions = [new TimeoutException(), new NotSupportedException(), new InvalidOperationException()];
            var last = exceptions.Select(exception => $"{exception.GetType().Name} {execution.IsLastAttemptFor(exception)}");
            probe.Note($"{execution.Context.Attempt}: {execution.IsLastAttempt}, {string.Join(", ", last)}");
            return next();
        }
    }
}
