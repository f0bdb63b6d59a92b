using System.Net;
using System.Net.ServerSentEvents;
using AngleSharp.Html.Parser;

namespace Asdamir.AdminConsole.Tests.Shell.Live;

/// <summary>Live views over HTTP.</summary>
public sealed class LiveStreamTests : OneCompany
{
    protected override bool IsTimeFake => true;

    [Fact]
    public async Task Stream_FollowsWhatHappens()
    {
        var job = Acme.Fail();
        await using var events = await Events.OpenAsync(await OperatorAsync(), $"/acme/live/jobs/{job}");
        Assert.Equal("Failed", StateOf(await events.NextAsync()));

        Acme.Jobs.Requeue(job);
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("Enqueued", StateOf(await events.NextAsync()));
    }

    [Fact]
    public async Task Stream_EndsAfterFiveMinutes_AndAClosedPageDoesNotReturn()
    {
        var ada = await OperatorAsync();
        await using var events = await Events.OpenAsync(ada, "/acme/live/overview");
        Assert.Equal("view", (await events.NextAsync())!.Value.EventType);
        Site.Accounts.Remove("ada");

        Time.Advance(TimeSpan.FromMinutes(5));

        await EndAsync(events);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ada.GetAsync("/acme/live/overview", ("Sec-Fetch-Dest", "empty"))).Status);
    }

    [Fact]
    public async Task OpenStream_DoesNotHoldUpTheEndOfTheConsole()
    {
        await using var events = await Events.OpenAsync(await OperatorAsync(), "/acme/live/overview");
        await events.NextAsync();

        await Site.StopAsync().WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        await EndAsync(events);
    }

    [Theory]
    [InlineData("overview")]
    [InlineData("tabs?state=Failed")]
    [InlineData("jobs/1")]
    [InlineData("queues")]
    [InlineData("servers")]
    [InlineData("operations/none")]
    public async Task BrowserWithoutStreams_GetsTheSameFragment(string view)
    {
        Acme.Fail();
        var ada = await OperatorAsync();

        var alone = await ada.GetAsync($"/acme/live/{view}{(view.Contains('?', StringComparison.Ordinal) ? '&' : '?')}once=1");
        await using var events = await Events.OpenAsync(ada, $"/acme/live/{view}");

        Assert.Equal(
            (HttpStatusCode.OK, "view", "text/html; charset=utf-8"),
            (alone.Status, alone.Headers["X-Live"], alone.Headers["Content-Type"]));
        Assert.Equal((await events.NextAsync())!.Value.Data, alone.Body);
    }

    [Fact]
    public async Task Page_ShowsAtFirstWhatItsLiveViewWould()
    {
        var job = Acme.Fail();
        var ada = await OperatorAsync();

        foreach (var path in (string[])["/acme", $"/acme/jobs/{job}", "/acme/queues", "/acme/servers"])
        {
            var part = (await ada.GetAsync(path)).Page.QuerySelector("[data-live]")!;
            var view = part.GetAttribute("data-live")!;
            var picture = await ada.GetAsync($"{view}{(view.Contains('?', StringComparison.Ordinal) ? '&' : '?')}once=1");

            Assert.Equal(new HtmlParser().ParseDocument(picture.Body).Body!.InnerHtml, part.InnerHtml);
        }
    }

    [Fact]
    public async Task LiveFragment_HoldsNothingOfTheUser()
    {
        var job = Acme.Fail();
        var (ada, eve) = (await OperatorAsync(), await Site.WelcomeAsync("eve", "viewer:acme"));

        foreach (var path in (string[])["overview", "tabs", $"jobs/{job}", "queues", "servers"])
            Assert.Equal((await ada.GetAsync($"/acme/live/{path}?once=1")).Body, (await eve.GetAsync($"/acme/live/{path}?once=1")).Body);
    }

    private static async Task EndAsync(Events events)
    {
        while (await events.NextAsync() is not null)
        {
        }
    }

    private static string StateOf(SseItem<string>? picture) =>
        new HtmlParser().ParseDocument(picture!.Value.Data).QuerySelector(".subject .state")!.TextContent;
}
