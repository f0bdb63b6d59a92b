namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Folds the changes of many transactions into few statements with the same effect: single members of sets and
/// fields of hashes are collected, and written before whatever touches a whole set or hash.
/// </summary>
internal sealed class DataPlan
{
    // Sorted, so that rows are locked in one order in every process.
    private readonly SortedDictionary<DataKey, double> _added = [];
    private readonly SortedSet<DataKey> _removed = [];
    private readonly SortedDictionary<DataKey, string?> _put = [];

    public List<DataStep> Steps { get; } = [];

    public static List<DataStep> Of(IEnumerable<DataWrite> writes)
    {
        var plan = new DataPlan();
        foreach (var write in writes)
            plan.Add(write);
        plan.EndSets();
        plan.EndHashes();
        return plan.Steps;
    }

    private void Add(DataWrite write)
    {
        var key = new DataKey(write.Key, write.Member ?? "");
        switch (write.Change)
        {
            case DataChange.SetAdd:
                _removed.Remove(key);
                _added[key] = write.Score;
                break;
            case DataChange.SetRemove:
                _added.Remove(key);
                _removed.Add(key);
                break;
            case DataChange.HashPut:
                _put[key] = write.Value;
                break;
            case DataChange.SetClear or DataChange.SetExpire:
                EndSets();
                Steps.Add(new DataStep(write.Change, [write]));
                break;
            case DataChange.HashClear or DataChange.HashExpire:
                EndHashes();
                Steps.Add(new DataStep(write.Change, [write]));
                break;
            default:
                Steps.Add(new DataStep(write.Change, [write]));
                break;
        }
    }

    private void EndSets()
    {
        if (_removed.Count > 0)
        {
            Steps.Add(
                new DataStep(
                    DataChange.SetRemove, [.. _removed.Select(item => new DataWrite(DataChange.SetRemove, item.Key, item.Member))]));
        }
        if (_added.Count > 0)
        {
            Steps.Add(
                new DataStep(
                    DataChange.SetAdd,
                    [.. _added.Select(item => new DataWrite(DataChange.SetAdd, item.Key.Key, item.Key.Member, Score: item.Value))]));
        }
        _removed.Clear();
        _added.Clear();
    }

    private void EndHashes()
    {
        if (_put.Count > 0)
        {
            Steps.Add(
                new DataStep(
                    DataChange.HashPut,
                    [.. _put.Select(item => new DataWrite(DataChange.HashPut, item.Key.Key, item.Key.Member, item.Value))]));
        }
        _put.Clear();
    }
}

/// <summary>Changes of one kind that one statement can make; no two of them concern the same member.</summary>
internal sealed record DataStep(DataChange Change, IReadOnlyList<DataWrite> Writes);
