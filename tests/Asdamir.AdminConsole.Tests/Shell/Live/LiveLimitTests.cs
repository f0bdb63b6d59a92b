using System.Net;
using Asdamir.AdminConsole.Shell.Live;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.AdminConsole.Tests.Shell.Live;

/// <summary>What one user's live views may cost the others.</summary>
public sealed class LiveLimitTests : OneCompany
{
    [Fact]
    public async Task ViewMoreThanTheLimit_IsRefusedWithAClearText_UntilAnotherIsClosed()
    {
        var (eve, ada) = (await Site.WelcomeAsync("eve", "viewer:acme"), await OperatorAsync());
        var open = await OpenAsync(
            eve, Enumerable.Range(1, LiveLimit.ViewsOfUser).Select(static number => $"/acme/live/overview?app={number}"));

        foreach (var path in (string[])["/acme/live/overview?app=1", "/acme/live/queues", "/acme/live/jobs/1?once=1"])
        {
            var refused = await eve.GetAsync(path);
            Assert.Equal((HttpStatusCode.TooManyRequests, "text/plain; charset=utf-8"), (refused.Status, refused.Headers["Content-Type"]));
            Assert.StartsWith("You have 20 live views open and cannot open more.", refused.Body, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/acme/live/overview?once=1")).Status);
        Assert.DoesNotContain("does not answer", (await ada.GetAsync("/acme")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await eve.GetAsync("/acme/jobs")).Status);

        await open[0].DisposeAsync();
        await Until.TrueAsync(
            async () => (await eve.GetAsync("/acme/live/overview?once=1")).Status == HttpStatusCode.OK,
            "the place of the closed view is free");
        foreach (var events in open)
            await events.DisposeAsync();
    }

    [Theory]
    [InlineData("jobs/1", "level=1", "level=300", "level=everything", "level=", "x=1", "x=2&y=3", "level=Trace", "level=trace")]
    [InlineData("jobs/1", "level=Error", "level=error", "level=ERROR&x=1")]
    [InlineData("overview", "range=1h", "range=none", "x=1", "range=")]
    [
        InlineData(
            "tabs", "state=Failed", "state=failed", "state=Failed&after=1", "state=Failed&size=50", "state=Failed&size=nothing",
            "state=Failed&since=never", "state=Failed&x=1")
    ]
    [InlineData("operations/none", "of=x", "of=-1", "x=1")]
    [InlineData("queues", "x=1", "x=2")]
    public async Task EqualQueries_AreOneView(string view, params string[] spellings)
    {
        var open = await OpenAsync(await OperatorAsync(), spellings.Select(spelling => $"/acme/live/{view}?{spelling}"));

        Assert.Equal(1, Site.Services.GetRequiredService<LiveFeeds>().Count);
        foreach (var events in open)
            await events.DisposeAsync();
    }

    [Theory]
    [InlineData("/acme/live/overview?app=a%22,%221h", "/acme/live/overview?app=a&range=1h")]
    [InlineData("/acme/live/jobs/1?app=a%20Id%3D2", "/acme/live/jobs/2?app=a")]
    public async Task NoText_MakesAViewLookLikeAnother(string one, string other)
    {
        var open = await OpenAsync(await OperatorAsync(), [one, other]);

        Assert.Equal(2, Site.Services.GetRequiredService<LiveFeeds>().Count);
        foreach (var events in open)
            await events.DisposeAsync();
    }

    /// <summary>Each has sent its first picture, so all of them are open.</summary>
    private static async Task<List<Events>> OpenAsync(Visitor visitor, IEnumerable<string> paths)
    {
        List<Events> open = [];
        foreach (var path in paths)
        {
            var events = await Events.OpenAsync(visitor, path);
            Assert.Equal(HttpStatusCode.OK, events.Response.StatusCode);
            Assert.Equal("view", (await events.NextAsync())!.Value.EventType);
            open.Add(events);
        }
        return open;
    }
}
