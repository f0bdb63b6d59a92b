using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Tests.Execution;

public sealed class StorableExceptionTests
{
    [Fact]
    public void Of_KeepsTheExceptionItself_WhenItsTextIsStorable()
    {
        var exception = new TimeZoneNotFoundException("Europe/Atlantis", new InvalidOperationException("inner"));

        Assert.Same(exception, StorableException.Of(exception));
    }

    [Fact]
    public void Of_TellsTypeAndMessage_WhenTheExceptionsTextIsNotStorable()
    {
        var stored = Assert.IsType<JobFailedException>(StorableException.Of(new TimeZoneNotFoundException("Europe\0Atlantis")));

        Assert.Equal("System.TimeZoneNotFoundException: Europe\uFFFDAtlantis", stored.Message);
    }

    [Fact]
    public void Of_KeepsTheStackTrace_WhenTheExceptionIsReplaced()
    {
        var exception = Assert.Throws<TimeZoneNotFoundException>(ThrowUnstorable);

        Assert.Contains(nameof(ThrowUnstorable), StorableException.Of(exception).StackTrace, StringComparison.Ordinal);
    }

    private static void ThrowUnstorable() => throw new TimeZoneNotFoundException("\0");
}
