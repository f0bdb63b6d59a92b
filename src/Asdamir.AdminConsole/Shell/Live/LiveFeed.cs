using System.Threading.Channels;
using Asdamir.Data;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>One view with all pages that show it. While there are any, pictures are taken; who is slow misses some.</summary>
internal sealed class LiveFeed(LiveFragment view, LiveFragments pictures, TimeProvider time)
{
    // Where nothing happens, fewer pictures do: so many without a change, and then only every third is taken.
    private const int Quiet = 6;
    private const int QuietTicks = 3;

    private readonly Lock _gate = new();
    private readonly List<Page> _pages = [];
    private Task _work = Task.CompletedTask;
    private string? _latest;
    private int _unchanged;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _pages.Count == 0;
        }
    }

    public Page Join()
    {
        var page = new Page();
        lock (_gate)
        {
            _pages.Add(page);
            // What it shows is newer than the latest picture, so it waits for the next one, and not for long.
            _unchanged = 0;
            if (_work.IsCompleted)
                _work = Detached.Start(() => Task.Run(WorkAsync));
        }
        return page;
    }

    public void Leave(Page page)
    {
        lock (_gate)
            _pages.Remove(page);
    }

    private async Task WorkAsync()
    {
        using var timer = new PeriodicTimer(view.Interval, time);
        var ticks = 0;
        do
        {
            if (Volatile.Read(ref _unchanged) >= Quiet && ++ticks % QuietTicks != 0)
                continue;
            var picture = await pictures.TakeAsync(view, CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                if (_pages.Count == 0)
                {
                    _work = Task.CompletedTask;
                    return;
                }
                Send(picture);
            }
        }
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false));
    }

    private void Send(LiveUpdate picture)
    {
        var isView = picture.Kind == "view";
        var isSame = isView && picture.Html == _latest;
        foreach (var page in _pages)
            page.Send(isSame && page.HasPicture ? new LiveUpdate("same", "") : picture);
        _unchanged = isSame ? _unchanged + 1 : 0;
        if (isView)
            _latest = picture.Html;
    }

    /// <summary>A page that shows the view.</summary>
    public sealed class Page
    {
        private readonly Channel<LiveUpdate> _updates = Channel.CreateBounded<LiveUpdate>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

        public ChannelReader<LiveUpdate> Updates => _updates.Reader;

        /// <summary>Whether it was sent a picture since it joined.</summary>
        public bool HasPicture { get; private set; }

        public void Send(LiveUpdate update)
        {
            var isView = update.Kind == "view";
            // A picture that was not fetched yet is worth more than the word that nothing changed since.
            if (isView || Updates.Count == 0)
                _updates.Writer.TryWrite(update);
            HasPicture |= isView;
        }
    }
}
