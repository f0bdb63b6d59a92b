using System.Reflection;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Tests.Execution;

/// <summary>Which rule of a job type applies to an exception, and how long it waits.</summary>
public sealed class JobRetriesTests
{
    public static TheoryData<string, int> Failures => new()
    {
        { nameof(IOException), 2 },
        { nameof(FileNotFoundException), 5 },
        { nameof(DirectoryNotFoundException), 2 },
        { nameof(InvalidOperationException), 9 },
        { "inner", 9 },
        { "aggregate", 5 },
        { "nested", 5 },
        { "invocation", 5 },
        { "several", 2 },
        { "one that allows none", 0 },
        { "empty aggregate", 9 },
        { "empty invocation", 9 },
        { "rule for a kind of aggregate", 4 },
        { "a thousand levels", 9 },
        { "many paths", 9 },
        { "permanent", 0 },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void After_IsWhatTheMostSpecificRuleAllows(string kind, int retries)
    {
        var policy = Of<RuledJob>();

        Assert.Equal(retries, policy.After(Failure(kind)));
        Assert.Equal(9, policy.Max);
    }

    [Fact]
    public void After_LooksIntoAnInvocation_WithARuleForItsBaseType() =>
        Assert.Equal(1, Of<ReflectingJob>().After(new TargetInvocationException(new IOException())));

    [Theory]
    [InlineData(typeof(IOException), 1, 60)]
    [InlineData(typeof(IOException), 5, 60)]
    [InlineData(typeof(FileNotFoundException), 3, 13)]
    [InlineData(typeof(FileNotFoundException), 4, 15)]
    [InlineData(typeof(NotSupportedException), 5, 40)]
    [InlineData(typeof(TimeoutException), 1, 1_200)]
    [InlineData(typeof(TimeoutException), 2, 1_200)]
    [InlineData(typeof(Exception), 2, 60)]
    public void Rule_DelaysAsItSays_AndElseAsTheOptions(Type failure, int retry, int seconds)
    {
        var rule = Of<DelayedJob>().RuleFor((Exception)Activator.CreateInstance(failure)!);

        Assert.Equal(seconds, rule!.Retry.DelayInSecondsByAttemptFunc(retry));
    }

    private static JobRetries Of<TJob>()
    {
        List<string> faults = [];
        var catalog = JobCatalog.Build([typeof(TJob)], faults);
        Assert.Empty(faults);
        return new RetryPolicy(new HangfireJobsRetryOptions { Jitter = 0 }, TimeProvider.System).For(catalog.Get(typeof(TJob)));
    }

    private static Exception Failure(string kind) => kind switch
    {
        nameof(IOException) => new IOException(),
        nameof(FileNotFoundException) => new FileNotFoundException(),
        nameof(DirectoryNotFoundException) => new DirectoryNotFoundException(),
        nameof(InvalidOperationException) => new InvalidOperationException(),
        "inner" => new InvalidOperationException("outer", new IOException()),
        "aggregate" => new AggregateException(new FileNotFoundException()),
        "nested" => new AggregateException(new TargetInvocationException(new AggregateException(new FileNotFoundException()))),
        "invocation" => new TargetInvocationException(new FileNotFoundException()),
        "several" => new AggregateException(new InvalidOperationException(), new FileNotFoundException(), new IOException()),
        "one that allows none" => new AggregateException(new IOException(), new NotSupportedException()),
        "empty aggregate" => new AggregateException(),
        "empty invocation" => new TargetInvocationException(null),
        "rule for a kind of aggregate" => new BatchException(new IOException()),
        "a thousand levels" => Levels(1_000, static inner => new AggregateException("", inner)),
        "many paths" => Levels(100, static inner => new QuietAggregateException([inner, inner])),
        "permanent" => PermanentFailures.Mark(new FileNotFoundException()),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static Exception Levels(int levels, Func<Exception, Exception> wrap)
    {
        Exception exception = new IOException();
        for (var i = 0; i < levels; i++)
            exception = wrap(exception);
        return exception;
    }

    private sealed class BatchException(Exception inner) : AggregateException(inner);

    // The message of an AggregateException contains those of all inner ones.
    private sealed class QuietAggregateException(IEnumerable<Exception> inner) : AggregateException(inner)
    {
        public override string Message => "several";
    }

    private abstract class AbstractJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [Retry(2, On = typeof(IOException))]
    [Retry(5, On = typeof(FileNotFoundException))]
    [Retry(0, On = typeof(NotSupportedException))]
    [Retry(4, On = typeof(BatchException))]
    [Retry(9)]
    private sealed class RuledJob : AbstractJob;

    [Retry(1, On = typeof(IOException)), Retry(3, On = typeof(ApplicationException))]
    private sealed class ReflectingJob : AbstractJob;

    [Retry(9, On = typeof(IOException), Backoff = RetryBackoff.Fixed, BaseDelay = "00:01:00")]
    [Retry(9, On = typeof(FileNotFoundException), Backoff = RetryBackoff.Linear, BaseDelay = "00:00:04.1", MaxDelay = "00:00:15")]
    [Retry(9, On = typeof(NotSupportedException), MaxDelay = "00:00:40")]
    [Retry(9, On = typeof(TimeoutException), BaseDelay = "00:20:00")]
    private sealed class DelayedJob : AbstractJob;
}
