using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Tests.Execution;

public sealed class StorableTextTests
{
    [Theory]
    [InlineData("plain ä 𝄞", "plain ä 𝄞")]
    [InlineData("", "")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void Of_ReplacesWhatADatabaseRefuses_AndNothingElse(string text, string stored) => Assert.Equal(stored, StorableText.Of(text));

    [Fact]
    public void Of_ReplacesAHalfOfASurrogatePair_WhereverItStands()
    {
        const string half = "\uD834";

        Assert.Equal("\uFFFDa\uFFFD", StorableText.Of($"{half}a{half}"));
    }

    [Fact]
    public void Of_KeepsTheExceptionItself_WhenItsTextIsStorable()
    {
        var exception = new TimeZoneNotFoundException("Europe/Atlantis");

        Assert.Same(exception, StorableText.Of(exception));
    }

    [Fact]
    public void Of_TellsTypeAndMessage_WhenTheExceptionsTextIsNotStorable()
    {
        var stored = Assert.IsType<JobFailedException>(StorableText.Of(new TimeZoneNotFoundException("Europe\0Atlantis")));

        Assert.Equal("System.TimeZoneNotFoundException: Europe\uFFFDAtlantis", stored.Message);
    }
}
