using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Tests.Execution;

public sealed class RetryPolicyTests
{
    [Theory]
    [InlineData(RetryBackoff.Fixed, 1, 30)]
    [InlineData(RetryBackoff.Fixed, 9, 30)]
    [InlineData(RetryBackoff.Linear, 1, 30)]
    [InlineData(RetryBackoff.Linear, 4, 120)]
    [InlineData(RetryBackoff.Linear, 100, 600)]
    [InlineData(RetryBackoff.Exponential, 1, 30)]
    [InlineData(RetryBackoff.Exponential, 2, 60)]
    [InlineData(RetryBackoff.Exponential, 5, 480)]
    [InlineData(RetryBackoff.Exponential, 6, 600)]
    [InlineData(RetryBackoff.Exponential, 1_000, 600)]
    [InlineData(RetryBackoff.Exponential, long.MaxValue, 600)]
    [InlineData(RetryBackoff.Linear, long.MaxValue, 600)]
    public void DelayInSeconds_GrowsUpToTheMaximum_WithTheBackoff(RetryBackoff backoff, long retry, int seconds) =>
        Assert.Equal(seconds, RetryPolicy.DelayInSeconds(Options(backoff, 30, 600), retry, chance: 0));

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 120)]
    public void DelayInSeconds_AddsJitterOnTop_ByChance(double chance, int seconds) =>
        Assert.Equal(seconds, RetryPolicy.DelayInSeconds(Options(RetryBackoff.Fixed, 100, 600), 1, chance));

    [Fact]
    public void DelayInSeconds_StaysWithinTheJitter_ForAnyChance() =>
        Assert.All(Enumerable.Range(0, 101), percent =>
            Assert.InRange(
                RetryPolicy.DelayInSeconds(Options(RetryBackoff.Fixed, 100, 600), 1, percent / 100.0), 100 + (percent / 5),
                101 + (percent / 5)));

    [Fact]
    public void DelayInSeconds_IsZero_WithoutABaseDelay() =>
        Assert.Equal(0, RetryPolicy.DelayInSeconds(Options(RetryBackoff.Exponential, 0, 600), 5, chance: 1));

    [Fact]
    public void DelayInSeconds_DoesNotOverflow_WithTheLongestDelaysAllowed()
    {
        var options = Options(RetryBackoff.Exponential, 1, 24 * 24 * 3600);
        options.Jitter = 1;

        Assert.Equal(2 * 24 * 24 * 3600, RetryPolicy.DelayInSeconds(options, 1_000, chance: 1));
    }

    private static HangfireJobsRetryOptions Options(RetryBackoff backoff, int baseSeconds, int maxSeconds) => new()
    {
        Backoff = backoff, BaseDelay = TimeSpan.FromSeconds(baseSeconds), MaxDelay = TimeSpan.FromSeconds(maxSeconds), Jitter = 0.2,
    };
}
