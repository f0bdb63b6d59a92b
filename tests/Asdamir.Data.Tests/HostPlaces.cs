using System.Collections.Concurrent;

namespace Asdamir.Data.Tests;

/// <summary>
/// Limits how many tests have hosts at the same time: all tests begin at once, and with the threads of 40 hosts on a busy machine
/// each would take minutes. A test takes one place for all its hosts, so that none waits for a place while it has one.
/// </summary>
internal static class HostPlaces
{
    private const int Count = 8;

    private static readonly SemaphoreSlim Free = new(Count);
    private static readonly ConcurrentDictionary<string, Place> Taken = new(StringComparer.Ordinal);

    /// <summary>Waits for a place of the current test.</summary>
    /// <returns>What the host disposes when it has ended.</returns>
    public static async Task<IDisposable> EnterAsync()
    {
        var test = TestContext.Current.Test?.UniqueID
            ?? throw new InvalidOperationException("A host is started outside a test, which has no place for it.");
        while (true)
        {
            var place = Taken.GetOrAdd(test, static id => new Place(id));
            if (place.TryEnter() is not { } entered)
                continue;
            await entered;
            return new Entry(place);
        }
    }

    private sealed class Entry(Place place) : IDisposable
    {
        private Place? _place = place;

        public void Dispose() => Interlocked.Exchange(ref _place, null)?.Leave();
    }

    private sealed class Place(string test)
    {
        private readonly Lock _gate = new();
        private Task? _entered;
        private int _hosts;
        private bool _isLeft;

        /// <returns><see langword="null"/> when it was left meanwhile, so that another one is needed.</returns>
        public Task? TryEnter()
        {
            lock (_gate)
            {
                if (_isLeft)
                    return null;
                _hosts++;
                return _entered ??= Free.WaitAsync();
            }
        }

        public void Leave()
        {
            lock (_gate)
            {
                if (--_hosts > 0)
                    return;
                _isLeft = true;
            }
            Taken.TryRemove(KeyValuePair.Create(test, this));
            Free.Release();
        }
    }
}
