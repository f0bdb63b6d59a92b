using System.Collections;

namespace Fleet;

/// <summary>The figures of all rounds, in the order in which they were measured first.</summary>
internal sealed class Rounds<TKey, TFigures> : IEnumerable<KeyValuePair<TKey, List<TFigures>>> where TKey : notnull
{
    private readonly OrderedDictionary<TKey, List<TFigures>> _figures = [];

    public void Add(TKey key, TFigures figures)
    {
        if (!_figures.TryGetValue(key, out var rounds))
            _figures.Add(key, rounds = []);
        rounds.Add(figures);
    }

    public IEnumerator<KeyValuePair<TKey, List<TFigures>>> GetEnumerator() => _figures.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
