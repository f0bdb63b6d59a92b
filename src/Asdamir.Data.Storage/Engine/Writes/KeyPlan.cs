using System.Globalization;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Which jobs of a commit get the keys they take. Of two with one key, the first one gets it. A job that does not get its key is left out,
/// with all that the commit writes about it, so that it never refuses the others.
/// </summary>
internal sealed class KeyPlan
{
    private readonly IReadOnlyList<WriteSet> _wanted;
    private readonly SortedDictionary<string, KeyTake> _takes = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _lost = [];
    private readonly HashSet<long> _released;

    private KeyPlan(IReadOnlyList<WriteSet> wanted)
    {
        _wanted = wanted;
        Sets = wanted;
        _released = [.. Jobs.Where(static job => job.ReleasesKey).Select(static job => job.Id)];
        Keys = [.. Jobs.SelectMany(static job => job.TakenKeys).Select(static key => key.Text).Distinct(StringComparer.Ordinal)];
        Decide(new Dictionary<string, long>());
    }

    /// <summary>All keys that are taken, by whichever job.</summary>
    public string[] Keys { get; }

    /// <summary>What is written.</summary>
    public IReadOnlyList<WriteSet> Sets { get; private set; }

    /// <summary>The keys that jobs get, in one order everywhere.</summary>
    public IReadOnlyList<KeyTake> Takes => [.. _takes.Values];

    /// <summary>The new jobs that are left out.</summary>
    public IReadOnlyCollection<long> Lost => _lost.Keys;

    private IEnumerable<JobWrite> Jobs => _wanted.SelectMany(static set => set.Jobs);

    /// <returns><see langword="null"/> when no job takes a key.</returns>
    public static KeyPlan? Of(IReadOnlyList<WriteSet> sets)
    {
        foreach (var set in sets)
        {
            foreach (var job in set.Jobs)
            {
                if (job.TakenKeys.Count > 0)
                    return new KeyPlan(sets);
            }
        }
        return null;
    }

    /// <param name="holders">The keys that are taken in the database, each with its job.</param>
    /// <exception cref="JobKeyTakenException">One belongs to another job than the one that begins again.</exception>
    public void Decide(IReadOnlyDictionary<string, long> holders)
    {
        _takes.Clear();
        _lost.Clear();
        foreach (var job in Jobs)
        {
            var keys = job.TakenKeys;
            if (keys.Count == 0)
                continue;
            if (keys.FirstOrDefault(key => HolderOf(key, job, holders) is not null) is not { } taken)
            {
                foreach (var key in keys)
                    _takes.Add(key.Text, new KeyTake(key.Text, job.Id, key.ExpireAt));
                continue;
            }
            var holder = HolderOf(taken, job, holders)!.Value;
            if (job.New is null)
                throw new JobKeyTakenException(taken.Shown, holder.ToString(CultureInfo.InvariantCulture));
            _lost.Add(job.Id, holder);
        }
        Sets = _lost.Count == 0 ? _wanted : [.. _wanted.Select(set => set.Without(_lost))];
    }

    /// <summary>Tells the sets what was left out of them; after the commit.</summary>
    public void Answer()
    {
        foreach (var set in _wanted)
            set.Answer(_lost);
    }

    private long? HolderOf(JobKey key, JobWrite job, IReadOnlyDictionary<string, long> holders) =>
        holders.TryGetValue(key.Text, out var holder) && holder != job.Id && !(key.ExpireAt is null && _released.Contains(holder)) ? holder
        : _takes.TryGetValue(key.Text, out var take) ? take.JobId
        : null;
}

/// <summary>A key that a job gets.</summary>
internal sealed record KeyTake(string Key, long JobId, long? ExpireAt);
