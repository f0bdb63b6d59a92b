using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Catalog;
using Hangfire;

namespace Asdamir.Data.Tests.Catalog;

public sealed class RetryRuleTests
{
    [Fact]
    public void Rule_HasWhatTheAttributeSays_AndLeavesTheRestOpen()
    {
        var rules = Build(out var faults, typeof(RuledJob)).ToDictionary(static rule => rule.On);

        Assert.Empty(faults);
        Assert.Equal(
            new RetryRule
            {
                On = typeof(TimeoutException), Attempts = 3, Backoff = RetryBackoff.Exponential, BaseDelay = TimeSpan.FromSeconds(5),
                MaxDelay = TimeSpan.FromDays(24),
            },
            rules[typeof(TimeoutException)]);
        Assert.Equal(new RetryRule { On = typeof(IOException), Attempts = 0 }, rules[typeof(IOException)]);
        Assert.Equal(new RetryRule { On = typeof(Exception), Attempts = 1_000 }, rules[typeof(Exception)]);
    }

    [Fact]
    public void Rule_OfADerivedJobType_ReplacesTheOneOfItsBaseType_AndKeepsTheOthers()
    {
        var rules = Build(out var faults, typeof(DerivedJob));

        Assert.Empty(faults);
        Assert.Equal(
            [(typeof(Exception), 1_000), (typeof(IOException), 0), (typeof(TimeoutException), 7)],
            rules.Select(static rule => (rule.On, rule.Attempts)).OrderBy(static rule => rule.On.Name, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(typeof(NegativeJob), "[Retry(-1)]", "0 to 1000 retries")]
    [InlineData(typeof(TooManyJob), "[Retry(1001, On = typeof(IOException))]", "0 to 1000 retries")]
    [InlineData(typeof(NoExceptionJob), "[Retry(3, On = typeof(String))]", "System.String, which is not an exception")]
    [InlineData(typeof(InterfaceJob), "On = typeof(IDisposable)", "not an exception")]
    [InlineData(typeof(OpenJob), "OpenException", "whose type arguments are missing")]
    [InlineData(typeof(UnknownBackoffJob), "unknown Backoff 7", "Fixed, Linear, Exponential")]
    [InlineData(typeof(NoDelayJob), "BaseDelay = \"soon\"", "a time from 00:00:00 to 24 days")]
    [InlineData(typeof(NegativeDelayJob), "BaseDelay = \"-00:00:01\"", "a time from 00:00:00 to 24 days")]
    [InlineData(typeof(HugeDelayJob), "MaxDelay = \"24.00:00:01\"", "a time from 00:00:00 to 24 days")]
    [InlineData(typeof(EmptyDelayJob), "MaxDelay = \"\"", "a time from 00:00:00 to 24 days")]
    [InlineData(typeof(ShortMaxDelayJob), "a MaxDelay of 00:00:01", "its BaseDelay of 00:00:02")]
    [InlineData(typeof(TwiceJob), "two [Retry] for System.TimeoutException", "set another On")]
    [InlineData(typeof(TwiceForAllJob), "two [Retry] for every exception", "set another On")]
    [InlineData(typeof(BesideHangfiresJob), "both [Retry] and [AutomaticRetry]", "remove [AutomaticRetry]")]
    [InlineData(typeof(BesideHangfiresOnTheMethodJob), "both [Retry] and [AutomaticRetry]", "remove [AutomaticRetry]")]
    public void Build_ReportsAWrongRule_WithTheJobTypeAndTheFix(Type type, params string[] parts)
    {
        Build(out var faults, type);

        var fault = Assert.Single(faults);
        Assert.All([.. parts, type.FullName!, "Fix: "], part => Assert.Contains(part, fault, StringComparison.Ordinal));
    }

    private static IReadOnlyList<RetryRule> Build(out List<string> faults, Type type)
    {
        faults = [];
        return Assert.Single(JobCatalog.Build([type], faults).Jobs).Retries;
    }

    private abstract class AbstractJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [Retry(
        3, On = typeof(TimeoutException), Backoff = RetryBackoff.Exponential, BaseDelay = "00:00:05", MaxDelay = "24.00:00:00")]
    [Retry(0, On = typeof(IOException))]
    [Retry(1_000)]
    private class RuledJob : AbstractJob;

    [Retry(7, On = typeof(TimeoutException))]
    private sealed class DerivedJob : RuledJob;

    [Retry(-1)]
    private sealed class NegativeJob : AbstractJob;

    [Retry(1_001, On = typeof(IOException))]
    private sealed class TooManyJob : AbstractJob;

    [Retry(3, On = typeof(string))]
    private sealed class NoExceptionJob : AbstractJob;

    [Retry(3, On = typeof(IDisposable))]
    private sealed class InterfaceJob : AbstractJob;

    [Retry(3, On = typeof(OpenException<>))]
    private sealed class OpenJob : AbstractJob;

    [Retry(3, Backoff = (RetryBackoff)7)]
    private sealed class UnknownBackoffJob : AbstractJob;

    [Retry(3, BaseDelay = "soon")]
    private sealed class NoDelayJob : AbstractJob;

    [Retry(3, BaseDelay = "-00:00:01")]
    private sealed class NegativeDelayJob : AbstractJob;

    [Retry(3, MaxDelay = "24.00:00:01")]
    private sealed class HugeDelayJob : AbstractJob;

    [Retry(3, MaxDelay = "")]
    private sealed class EmptyDelayJob : AbstractJob;

    [Retry(3, BaseDelay = "00:00:02", MaxDelay = "00:00:01")]
    private sealed class ShortMaxDelayJob : AbstractJob;

    [Retry(3, On = typeof(TimeoutException)), Retry(4, On = typeof(TimeoutException))]
    private sealed class TwiceJob : AbstractJob;

    [Retry(3), Retry(4, On = typeof(Exception))]
    private sealed class TwiceForAllJob : AbstractJob;

    [Retry(3), AutomaticRetry(Attempts = 3)]
    private sealed class BesideHangfiresJob : AbstractJob;

    [Retry(3)]
    private sealed class BesideHangfiresOnTheMethodJob : IJob
    {
        [AutomaticRetry(Attempts = 3)]
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class OpenException<T> : Exception;
}
