using System.Globalization;
using System.Net.ServerSentEvents;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Shell.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.AdminConsole.Tests.Shell.Live;

/// <summary>Pages that show the same share its pictures.</summary>
public sealed class LiveFeedsTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Camera _camera = new();
    private readonly ServiceProvider _services;
    private readonly LiveFragments _fragments;
    private readonly LiveFeeds _feeds;

    public LiveFeedsTests()
    {
        _services = new ServiceCollection().AddLogging().AddScoped<PageReads>().AddSingleton(_camera).BuildServiceProvider();
        _fragments = new LiveFragments(
            _services.GetRequiredService<IServiceScopeFactory>(), _services.GetRequiredService<ILoggerFactory>());
        _feeds = new LiveFeeds(_fragments, _time);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task AllPagesOfAView_ShareEachFragment()
    {
        await using var one = Open();
        await using var other = Open();
        Assert.Equal(("view", "picture 1"), await NextAsync(one));
        var joined = NextAsync(other);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("view", "picture 2"), await NextAsync(one));
        Assert.Equal(("view", "picture 2"), await joined);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("view", "picture 3"), await NextAsync(one));
        Assert.Equal(("view", "picture 3"), await NextAsync(other));

        Assert.Equal(3, _camera.Pictures);
    }

    [Fact]
    public async Task AnotherView_HasOtherFragments()
    {
        await using var one = Open();
        Assert.Equal(("view", "picture 1"), await NextAsync(one));

        await using var other = Open("other");

        Assert.Equal(("view", "picture 2"), await NextAsync(other));
    }

    [Fact]
    public async Task LaterPage_StartsWithANewFragment_AlsoWhenNothingHasChanged()
    {
        _camera.Motif = static _ => "always the same";
        await using var one = Open();
        Assert.Equal(("view", "always the same"), await NextAsync(one));
        await using var late = Open();
        var joined = NextAsync(late);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("view", "always the same"), await joined);
        Assert.Equal(("same", ""), await NextAsync(one));
    }

    [Fact]
    public async Task Feed_Stops_WhenTheLastPageIsClosed()
    {
        var page = Open();
        await NextAsync(page);
        await page.DisposeAsync();

        // The one that was already waited for.
        _time.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => _camera.Pictures == 2, "the last picture is taken");
        for (var i = 0; i < 100; i++)
            _time.Advance(TimeSpan.FromSeconds(1));

        // A feed that has not yet noticed that nobody is left shows its last one; none was taken since.
        await using var next = Open();
        Assert.Contains((await NextAsync(next)).Data, (string[])["picture 2", "picture 3"]);
    }

    [Fact]
    public async Task SlowPage_MissesFragmentsAndGetsTheLatest()
    {
        await using var slow = Open();
        Assert.Equal(("view", "picture 1"), await NextAsync(slow));
        for (var picture = 2; picture <= 6; picture++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Until.TrueAsync(() => _camera.Pictures == picture, "the picture is taken");
        }

        // The sixth may just be on its way.
        Assert.Contains((await NextAsync(slow)).Data, (string[])["picture 5", "picture 6"]);
    }

    [Fact]
    public async Task Feed_SendsOnlyThatNothingHasChanged_WhenNothingHas()
    {
        _camera.Motif = static _ => "always the same";
        await using var page = Open();
        Assert.Equal(("view", "always the same"), await NextAsync(page));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("same", ""), await NextAsync(page));
    }

    [Fact]
    public async Task FailedFragment_LeavesThePageAsItIs_UntilTheNextOne()
    {
        await using var page = Open();
        Assert.Equal(("view", "picture 1"), await NextAsync(page));

        _camera.Motif = static _ => throw new InvalidOperationException("fog");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("stale", ""), await NextAsync(page));

        _camera.Motif = static _ => "picture 1";
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("same", ""), await NextAsync(page));
    }

    [Fact]
    public async Task PageThatIsClosed_EndsWithoutAnError()
    {
        using var closed = new CancellationTokenSource();
        await using var page = Follow("one", closed.Token);
        await NextAsync(page);

        await closed.CancelAsync();

        Assert.False(await page.MoveNextAsync());
    }

    [Fact]
    public async Task ClientThatLeft_DoesNotWait_WhenAllTurnsAreTaken()
    {
        using var gate = new ManualResetEventSlim();
        _camera.Motif = _ =>
        {
            gate.Wait(Until.Limit);
            return "late";
        };
        var taken = Enumerable.Range(0, LiveFragments.AtATime)
            .Select(_ =>
                Task.Factory.StartNew(
                    () => TakeAsync(CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    .Unwrap())
            .ToList();
        await Until.TrueAsync(() => _camera.Pictures == LiveFragments.AtATime, "all turns are taken");
        using var left = new CancellationTokenSource();
        var waiting = TakeAsync(left.Token);

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => waiting.WaitAsync(Until.Limit, TestContext.Current.CancellationToken));
        gate.Set();
        await Task.WhenAll(taken);
        Assert.Equal(LiveFragments.AtATime, _camera.Pictures);
    }

    private Task<LiveUpdate> TakeAsync(CancellationToken cancellationToken) => _fragments.TakeAsync(Fragment("one"), cancellationToken);

    private static LiveFragment Fragment(string key) => new(key, "acme", typeof(PictureView), [], TimeSpan.FromSeconds(1));

    private IAsyncEnumerator<SseItem<string>> Open(string key = "one") => Follow(key, TestContext.Current.CancellationToken);

    private IAsyncEnumerator<SseItem<string>> Follow(string key, CancellationToken cancellationToken) =>
        _feeds.FollowAsync(Fragment(key), cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    private static async Task<(string Kind, string Data)> NextAsync(IAsyncEnumerator<SseItem<string>> page)
    {
        Assert.True(await page.MoveNextAsync().AsTask().WaitAsync(Until.Limit, TestContext.Current.CancellationToken));
        return (page.Current.EventType, page.Current.Data);
    }

    private sealed class Camera
    {
        private int _pictures;

        public int Pictures => Volatile.Read(ref _pictures);

        public Func<int, string> Motif { get; set; } = static number => string.Create(CultureInfo.InvariantCulture, $"picture {number}");

        public string Take() => Motif(Interlocked.Increment(ref _pictures));
    }

    private sealed class PictureView : ComponentBase
    {
        [Inject] private Camera Camera { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Camera.Take());
    }
}
