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
}
