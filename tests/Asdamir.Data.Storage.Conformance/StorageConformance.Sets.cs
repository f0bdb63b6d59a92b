using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void Set_HoldsEachValueOnce_WithItsLastScore()
    {
        FillSet(("a", 1), ("b", 2), ("A", 3));
        Commit(transaction => transaction.AddToSet(OtherKey, "other", 1));

        FillSet(("a", 9));

        Assert.Equal(["A", "a", "b"], Connection.GetAllItemsFromSet(Key).Order(StringComparer.Ordinal));
        Assert.Equal(3, Connection.GetSetCount(Key));
        Assert.Equal(1, Connection.GetSetCount(OtherKey));
        Assert.Equal(0, Connection.GetSetCount(Key.ToUpperInvariant()));
        Assert.Equal("b", Connection.GetFirstByLowestScoreFromSet(Key, 0, 5));
        Assert.Equal("a", Connection.GetFirstByLowestScoreFromSet(Key, 9, 9));
    }

    [Fact]
    public void Set_ScoresZero_WhenAddedWithoutScore()
    {
        Commit(transaction => transaction.AddToSet(Key, "value"));

        Assert.Equal("value", Connection.GetFirstByLowestScoreFromSet(Key, 0, 0));
    }

    [Fact]
    public void Set_IsEmpty_WhenUnknown()
    {
        Assert.Empty(Connection.GetAllItemsFromSet(Key));
        Assert.Equal(0, Connection.GetSetCount(Key));
        Assert.Null(Connection.GetFirstByLowestScoreFromSet(Key, double.MinValue, double.MaxValue));
        Assert.Empty(Connection.GetFirstByLowestScoreFromSet(Key, double.MinValue, double.MaxValue, 5));
        Assert.Empty(Connection.GetRangeFromSet(Key, 0, 10));
    }

    [Fact]
    public void RemoveFromSet_RemovesTheValueOnly()
    {
        FillSet(("a", 1), ("b", 2));
        Commit(transaction => transaction.AddToSet(OtherKey, "a", 1));

        Commit(transaction =>
        {
            transaction.RemoveFromSet(Key, "a");
            transaction.RemoveFromSet(Key, "unknown");
            transaction.RemoveFromSet($"unknown-{Key}", "a");
        });

        Assert.Equal(["b"], Connection.GetAllItemsFromSet(Key));
        Assert.Equal(["a"], Connection.GetAllItemsFromSet(OtherKey));
    }

    [Fact]
    public void RemoveSet_RemovesAllValues()
    {
        FillSet(("a", 1), ("b", 2));

        Commit(transaction =>
        {
            transaction.RemoveSet(Key);
            transaction.RemoveSet($"unknown-{Key}");
        });

        Assert.Equal(0, Connection.GetSetCount(Key));
    }

    [Fact]
    public void AddRangeToSet_AddsAllWithScoreZero()
    {
        string[] values = [.. Enumerable.Range(0, 500).Select(number => $"{number:000}")];

        Commit(transaction =>
        {
            transaction.AddRangeToSet(Key, values);
            transaction.AddRangeToSet(OtherKey, []);
        });

        Assert.Equal(values, Connection.GetAllItemsFromSet(Key).Order());
        Assert.Equal(500, Connection.GetFirstByLowestScoreFromSet(Key, 0, 0, 1000).Count);
        Assert.Equal(0, Connection.GetSetCount(OtherKey));
    }

    [Fact]
    public void AddRangeToSet_KeepsOneOfEach_WhenAValueIsThereAlready()
    {
        FillSet(("b", 5));

        var thrown = Record.Exception(() => Commit(transaction => transaction.AddRangeToSet(Key, ["a", "b", "c"])));

        if (Differs(Difference.AddRangeToSetRefusesExistingValues))
        {
            Assert.IsType<System.Data.Common.DbException>(thrown, exactMatch: false);
            Assert.Equal(["b"], Connection.GetAllItemsFromSet(Key));
            return;
        }
        Assert.Null(thrown);
        Assert.Equal(["a", "b", "c"], Connection.GetAllItemsFromSet(Key).Order());
        Assert.Equal(3, Connection.GetFirstByLowestScoreFromSet(Key, 0, 0, 10).Count);
    }

    [Theory]
    [InlineData(-1000, 1000, "negative")]
    [InlineData(-1, 0.4, "zero")]
    [InlineData(0.25, 0.75, "fraction")]
    [InlineData(0.5, 0.5, "fraction")]
    [InlineData(0.51, 2, "two")]
    [InlineData(3, 1_000_000, null)]
    [InlineData(1_793_500_000.123, 1_793_500_000.124, "time")]
    [InlineData(1_793_500_000.1231, 1_793_500_000.1233, null)]
    public void GetFirstByLowestScoreFromSet_FindsTheLowestBetweenTheEnds_BothIncluded(double from, double to, string? expected)
    {
        FillSet(("two", 2), ("zero", 0), ("negative", -7.5), ("time", 1_793_500_000.123), ("fraction", 0.5));

        Assert.Equal(expected, Connection.GetFirstByLowestScoreFromSet(Key, from, to));
    }

    [Fact]
    public void GetFirstByLowestScoreFromSet_FindsSeveral_UpToTheCount()
    {
        FillSet(("d", 4), ("b", 2), ("a", 1), ("c", 3));

        Assert.Equal(["a", "b"], Connection.GetFirstByLowestScoreFromSet(Key, 0, 9, 2));
        Assert.Equal(["b", "c"], Connection.GetFirstByLowestScoreFromSet(Key, 2, 3, 2));
        Assert.Equal(["b", "c", "d"], Connection.GetFirstByLowestScoreFromSet(Key, 1.5, 9, 100));
        Assert.Empty(Connection.GetFirstByLowestScoreFromSet(Key, 5, 9, 2));
    }

    [Fact]
    public void GetFirstByLowestScoreFromSet_OrdersByValue_WhenScoresAreEqual()
    {
        FillSet(("b", 1), ("a", 1), ("B", 1), ("0", 2));

        var first = Connection.GetFirstByLowestScoreFromSet(Key, 0, 9, 3);

        if (Differs(Difference.EqualScoresAreUnordered))
            first.Sort(StringComparer.Ordinal);
        else
            Assert.Equal("B", Connection.GetFirstByLowestScoreFromSet(Key, 0, 9));
        Assert.Equal(["B", "a", "b"], first);
    }

    [Fact]
    public void GetFirstByLowestScoreFromSet_RefusesImpossibleArguments()
    {
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetFirstByLowestScoreFromSet(Key, 1, 0));
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetFirstByLowestScoreFromSet(Key, 1, 0, 5));
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetFirstByLowestScoreFromSet(Key, 0, 1, 0));
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetFirstByLowestScoreFromSet(Key, 0, 1, -1));
    }

    [Theory]
    [InlineData(0, 0, "a")]
    [InlineData(0, 2, "abc")]
    [InlineData(1, 2, "bc")]
    [InlineData(1, 99, "bcd")]
    [InlineData(3, 3, "d")]
    [InlineData(4, 9, "")]
    public void GetRangeFromSet_CountsByScore_BothEndsIncluded(int from, int to, string expected)
    {
        if (Differs(Difference.SetRangesAreInOrderOfInsertion))
            FillSet(("a", 4), ("b", 2), ("c", 1), ("d", 3));
        else
            FillSet(("d", 4), ("b", 2), ("a", 1), ("c", 3));

        Assert.Equal(expected, string.Concat(Connection.GetRangeFromSet(Key, from, to)));
    }

    [Fact]
    public void GetRangeFromSet_OrdersByValue_WhenScoresAreEqual()
    {
        FillSet(("b", 0), ("a", 0), ("B", 0));

        Assert.Equal(
            Differs(Difference.SetRangesAreInOrderOfInsertion) ? ["b", "a", "B"] : ["B", "a", "b"], Connection.GetRangeFromSet(Key, 0, 9));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 0)]
    public void GetRangeFromSet_RefusesImpossibleRanges(int from, int to)
    {
        FillSet(("a", 1), ("b", 2));

        AssertRefusesRange(() => Connection.GetRangeFromSet(Key, from, to));
    }

    [Fact]
    public void GetSetCount_SumsSeveralSetsUpToTheLimit()
    {
        FillSet(("a", 1), ("b", 2), ("c", 3));
        Commit(transaction => transaction.AddToSet(OtherKey, "a", 1));
        if (Lacks(Features.Connection.LimitedGetSetCount, () => Connection.GetSetCount([Key], 10)))
            return;

        Assert.Equal(4, Connection.GetSetCount([Key, OtherKey, $"unknown-{Key}"], 10));
        Assert.Equal(4, Connection.GetSetCount([Key, OtherKey], 4));
        Assert.Equal(2, Connection.GetSetCount([Key, OtherKey], 2));
        Assert.Equal(0, Connection.GetSetCount([Key, OtherKey], 0));
        Assert.Equal(0, Connection.GetSetCount([], 10));
        Assert.Throws<ArgumentNullException>(() => Connection.GetSetCount((IEnumerable<string>)null!, 10));
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetSetCount([Key], -1));
    }

    [Fact]
    public void GetSetContains_KnowsTheValuesOfTheSet()
    {
        FillSet(("a", 1));
        Commit(transaction => transaction.AddToSet(OtherKey, "b", 1));
        if (Lacks(Features.Connection.GetSetContains, () => Connection.GetSetContains(Key, "a")))
            return;

        Assert.True(Connection.GetSetContains(Key, "a"));
        Assert.False(Connection.GetSetContains(Key, "A"));
        Assert.False(Connection.GetSetContains(Key, "b"));
        Assert.False(Connection.GetSetContains($"unknown-{Key}", "a"));
    }

    [Fact]
    public void GetSetTtl_IsWhatExpireSetSet_AndNegativeOtherwise()
    {
        Assert.True(Connection.GetSetTtl(Key) < TimeSpan.Zero);
        FillSet(("a", 1), ("b", 2));
        Assert.True(Connection.GetSetTtl(Key) < TimeSpan.Zero);

        Commit(transaction => transaction.ExpireSet(Key, Hour));
        AssertTtl(Hour, Connection.GetSetTtl(Key));
        Assert.Equal(2, Connection.GetSetCount(Key));

        Commit(transaction => transaction.PersistSet(Key));
        Assert.True(Connection.GetSetTtl(Key) < TimeSpan.Zero);
    }

    private void FillSet(params (string Value, double Score)[] values) =>
        Commit(transaction => Array.ForEach(values, item => transaction.AddToSet(Key, item.Value, item.Score)));

    private void AssertRefusesRange(Func<List<string>> read)
    {
        var items = (List<string>)[];
        var thrown = Record.Exception(() => items = read());
        if (Differs(Difference.RangesAreUnchecked))
            Assert.True(thrown is System.Data.Common.DbException || (thrown is null && items.Count == 0), $"{thrown}");
        else
            Assert.IsType<ArgumentException>(thrown, exactMatch: false);
    }
}
