using System.Collections.Concurrent;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// Where this process is among the fairness keys of each queue and priority. Each process goes round all keys, so none waits for
/// another process, and nothing is lost with it.
/// </summary>
internal sealed class FairnessTurns
{
    /// <summary>How many priorities there are.</summary>
    public const int Classes = JobPriority.Last + 1;

    private readonly ConcurrentDictionary<(string Queue, long Class), long> _last = new();
    private readonly ConcurrentDictionary<string, byte> _queues = new(StringComparer.Ordinal);

    /// <summary>Whether jobs with a key were among those that waited when one of the queues was last seen.</summary>
    public bool AreUsedIn(string[] queues)
    {
        if (_queues.IsEmpty)
            return false;
        return Array.Exists(queues, _queues.ContainsKey);
    }

    /// <summary>Sets whether jobs with a key wait in one of the queues.</summary>
    public void Saw(string[] queues, bool areUsed)
    {
        foreach (var queue in queues)
        {
            if (areUsed)
                _queues.TryAdd(queue, 0);
            else if (!_queues.IsEmpty)
                _queues.TryRemove(queue, out _);
        }
    }

    /// <summary>The key of each class that was served last in each queue, with -1 where none was.</summary>
    public long[] LastOf(string[] queues)
    {
        var last = new long[queues.Length * Classes];
        for (var i = 0; i < last.Length; i++)
            last[i] = _last.GetValueOrDefault((queues[i / Classes], i % Classes), -1);
        return last;
    }

    /// <summary>Sets what a claim has served.</summary>
    public void Served(IEnumerable<ServedKey> keys)
    {
        foreach (var last in keys.GroupBy(static key => (key.Queue, key.Class)))
            _last[last.Key] = last.MaxBy(static key => key.Step)!.Fairness;
    }
}

/// <summary>A job with a fairness key that was claimed.</summary>
/// <param name="Queue">Its queue.</param>
/// <param name="Class">Its priority.</param>
/// <param name="Fairness">The hash of its key.</param>
/// <param name="Step">Which one in the order of the keys it was.</param>
internal sealed record ServedKey(string Queue, long Class, long Fairness, long Step);
