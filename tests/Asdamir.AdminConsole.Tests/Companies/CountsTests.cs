using Asdamir.AdminConsole.Companies;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Companies;

public sealed class CountsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1_234, "1,234")]
    [InlineData(9_999, "9,999")]
    [InlineData(10_000, "10,000+")]
    [InlineData(1_000_000, "10,000+")]
    public void Count_SaysThatItIsMore_BeyondTheLimit(long count, string text) => Assert.Equal(text, Counts.Text(count));

    [Fact]
    public void EveryState_IsCountedOnce() => Assert.Equal(Enum.GetValues<JobState>().Order(), Counts.States.Order());
}
