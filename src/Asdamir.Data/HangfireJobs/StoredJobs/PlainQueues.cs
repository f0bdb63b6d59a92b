using System.Collections.Concurrent;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>The queues to which this process has enqueued plain Hangfire jobs.</summary>
internal sealed class PlainQueues
{
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    public void Add(string queue) => _seen.TryAdd(queue, true);

    public bool Contains(string queue) => _seen.ContainsKey(queue);
}
