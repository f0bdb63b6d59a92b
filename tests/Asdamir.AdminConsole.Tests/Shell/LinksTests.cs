using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Tests.Shell;

public sealed class LinksTests
{
    [Theory]
    [InlineData("/acme/jobs?state=Failed&name=gr%C3%B6%C3%9Fe")]
    [InlineData("/acme/")]
    [InlineData("/acme/jobs/17#log")]
    public void WayBackIntoTheCompany_IsGone(string wanted) => Assert.Equal(wanted, Links.Back("acme", wanted));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("acme/jobs")]
    [InlineData("//acme/jobs")]
    [InlineData("/\\acme/jobs")]
    [InlineData("/acme\\jobs")]
    [InlineData("/acme/\\evil")]
    [InlineData("/acme/\t")]
    [InlineData("/acme/a b")]
    [InlineData("/acme/größe")]
    [InlineData("/acme/\r\nX: y")]
    [InlineData("/acmex/jobs")]
    [InlineData("/ACME/jobs")]
    [InlineData("/globex/jobs")]
    [InlineData("http://evil/acme/")]
    [InlineData("javascript:/acme/")]
    public void AnyOtherWay_LeadsToTheOverview(string? wanted) => Assert.Equal("/acme", Links.Back("acme", wanted));

    [Fact]
    public void TextOfOthers_StaysOneSegmentOfAnAddress()
    {
        Assert.Equal("/acme/jobs/a%2F..%2F%3Fb%23c?app=d%26e%3Df", Links.Job("acme", "a/../?b#c", "d&e=f"));
        Assert.Equal("/acme/recurring?q=a%26b", PageMap.Recurring.Link("acme", null, ("q", "a&b"), ("status", null)));
    }
}
