namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// A member of a set or a field of a hash. It sorts by its characters: a pair of strings would sort as the culture says, which
/// calls different texts equal.
/// </summary>
internal readonly record struct DataKey(string Key, string Member) : IComparable<DataKey>
{
    public int CompareTo(DataKey other) =>
        string.CompareOrdinal(Key, other.Key) is var order and not 0 ? order : string.CompareOrdinal(Member, other.Member);
}
