using System.Globalization;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Which jobs of a commit get the keys they take. Of two with one key, the first one gets it. A job that does not get its key is left out,
/// with all that the commit writes about it, so that it never refuses the others; or it replaces the job that has the key.
/// </summary>
internal sealed class KeyPlan
{
    private readonly IReadOnlyList<WriteSet> _wanted;
    private readonly SortedDictionary<string, KeyTake> _takes = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _lost = [];
    private readonly HashSet<long> _replacing = [];
    private readonly Dictionary<long, JobReplacement> _replaced = [];
    private readonly Dictionary<long, JobWrite> _created;
    private readonly HashSet<long> _released;

    private KeyPlan(IReadOnlyList<WriteSet> wanted)
    {
        _wanted = wanted;
        Sets = wanted;
        _released = [.. Jobs.Where(static job => job.ReleasesKey).Select(static job => job.Id)];
        _created = Jobs.Where(static job => job.New is not null).ToDictionary(static job => job.Id);
        Keys = [.. Jobs.SelectMany(static job => job.TakenKeys).Select(static key => key.Text).Distinct(StringComparer.Ordinal)];
        Decide(KeyHolders.None);
    }

    /// <summary>All keys that are taken, by whichever job.</summary>
    public string[] Keys { get; }

    /// <summary>The unique keys of jobs that replace others.</summary>
    public IEnumerable<string> ReplacingKeys =>
        _created.Values
            .Where(static job => job.New!.Replaces)
            .SelectMany(static job => job.TakenKeys)
            .Where(static key => key.ExpireAt is null)
            .Select(static key => key.Text);

    /// <summary>What is written.</summary>
    public IReadOnlyList<WriteSet> Sets { get; private set; }

    /// <summary>The keys that jobs get, in one order everywhere.</summary>
    public IReadOnlyList<KeyTake> Takes => [.. _takes.Values];

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

    /// <exception cref="JobKeyTakenException">One belongs to another job than the one that begins again.</exception>
    /// <exception cref="RowsInUseException">Another writer has locked a job that is to be replaced.</exception>
    public void Decide(KeyHolders holders)
    {
        _takes.Clear();
        _lost.Clear();
        _replacing.Clear();
        _replaced.Clear();
        foreach (var set in _wanted)
        {
            foreach (var job in set.Jobs)
                Decide(job, set, holders);
        }
        var outcome = new KeyOutcome(_lost, _replaced.Values);
        Sets = _lost.Count == 0 ? _wanted : [.. _wanted.Select(set => set.Kept(outcome))];
    }

    /// <summary>Tells the sets what was left out of them; after the commit.</summary>
    public void Answer()
    {
        foreach (var set in _wanted)
            set.Answer(_lost, _replacing);
    }

    private void Decide(JobWrite job, WriteSet set, KeyHolders holders)
    {
        var keys = job.TakenKeys;
        if (keys.Count == 0)
            return;
        if (keys.FirstOrDefault(key => HolderOf(key, job, holders.Of) is not null) is not { } taken)
        {
            Take(keys, job.Id);
            return;
        }
        var holder = HolderOf(taken, job, holders.Of)!.Value;
        if (job.New is null)
            throw new JobKeyTakenException(taken.Shown, holder.ToString(CultureInfo.InvariantCulture));
        _lost.Add(job.Id, holder);
        if (taken.ExpireAt is not null || !job.New.Replaces || ReplacementOf(holder, job, set, holders.Jobs) is not { } replacement)
            return;
        // Of several, the last one stays.
        _replaced[holder] = replacement;
        _replacing.Add(job.Id);
        Take(keys.Where(static key => key.ExpireAt is not null), holder);
    }

    private void Take(IEnumerable<JobKey> keys, long jobId)
    {
        foreach (var key in keys)
            _takes.Add(key.Text, new KeyTake(key.Text, jobId, key.ExpireAt));
    }

    private JobReplacement? ReplacementOf(long holder, JobWrite job, WriteSet set, IReadOnlyDictionary<long, HeldJob> jobs)
    {
        if (_created.TryGetValue(holder, out var created))
            return created.New!.InvocationId == job.New!.InvocationId ? new JobReplacement(job, holder, null, created) : null;
        if (!jobs.TryGetValue(holder, out var held)
            || held.HasBegun
            || InvocationTable.IdOf(held.Row.Invocation) != job.New!.InvocationId
            || set.FindJob(holder) is not null)
        {
            return null;
        }
        // It is being moved; what it is then decides. A set that is alone waits for that.
        if (held.IsLocked || _wanted.Any(other => other.FindJob(holder) is not null))
            throw new RowsInUseException();
        return new JobReplacement(job, holder, held, null);
    }

    private long? HolderOf(JobKey key, JobWrite job, IReadOnlyDictionary<string, long> holders) =>
        holders.TryGetValue(key.Text, out var holder) && holder != job.Id && !(key.ExpireAt is null && _released.Contains(holder)) ? holder
        : _takes.TryGetValue(key.Text, out var take) ? take.JobId
        : null;
}

/// <summary>A key that a job gets.</summary>
internal sealed record KeyTake(string Key, long JobId, long? ExpireAt);
