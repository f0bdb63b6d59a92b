using System.Threading.Channels;

namespace Asdamir.AdminConsole.Live;

/// <summary>One view with all pages that show it. While there are any, pictures are taken; who is slow misses some.</summary>
internal sealed class LiveFeed(LiveView view, LivePictures pictures, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<Channel<LiveUpdate>> _pages = [];
    private LiveUpdate? _latest;
    private Task _work = Task.CompletedTask;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _pages.Count == 0;
        }
    }

    public Channel<LiveUpdate> Join()
    {
        var page = Channel.CreateBounded<LiveUpdate>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _pages.Add(page);
            if (_latest is { } latest)
                page.Writer.TryWrite(latest);
            if (_work.IsCompleted)
                _work = Task.Run(WorkAsync);
        }
        return page;
    }

    public void Leave(Channel<LiveUpdate> page)
    {
        lock (_gate)
            _pages.Remove(page);
    }

    private async Task WorkAsync()
    {
        using var timer = new PeriodicTimer(view.Interval, time);
        do
        {
            var picture = await pictures.TakeAsync(view).ConfigureAwait(false);
            lock (_gate)
            {
                if (_pages.Count == 0)
                {
                    // The next page begins with a picture of its own time.
                    (_latest, _work) = (null, Task.CompletedTask);
                    return;
                }
                // Those who were there have it; only who joins gets it once more.
                var update = picture.Kind == "view" && picture.Html == _latest?.Html ? new LiveUpdate("same", "") : picture;
                _latest = picture.Kind == "view" ? picture : _latest;
                foreach (var page in _pages)
                {
                    // A picture that was not sent yet is worth more than the word that nothing changed since.
                    if (update.Kind == "view" || page.Reader.Count == 0)
                        page.Writer.TryWrite(update);
                }
            }
        }
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false));
    }
}
