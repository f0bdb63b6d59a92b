using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>The views that are open somewhere, each with one feed however many pages show it.</summary>
internal sealed class LiveFeeds(LiveFragments pictures, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveFeed> _feeds = [];

    /// <summary>How many different views are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _feeds.Count;
        }
    }

    public async IAsyncEnumerable<SseItem<string>> FollowAsync(
        LiveFragment view, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LiveFeed? feed;
        LiveFeed.Page page;
        lock (_gate)
        {
            if (!_feeds.TryGetValue(view.Key, out feed))
                _feeds.Add(view.Key, feed = new LiveFeed(view, pictures, time));
            page = feed.Join();
        }
        try
        {
            // Ends without an error; the browser reconnects.
            while (await WaitAsync(page.Updates, cancellationToken).ConfigureAwait(false))
            {
                while (page.Updates.TryRead(out var update))
                    yield return new SseItem<string>(update.Html, update.Kind) { ReconnectionInterval = TimeSpan.FromSeconds(1) };
            }
        }
        finally
        {
            lock (_gate)
            {
                feed.Leave(page);
                if (feed.IsIdle)
                    _feeds.Remove(view.Key);
            }
        }
    }

    private static async Task<bool> WaitAsync(ChannelReader<LiveUpdate> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
