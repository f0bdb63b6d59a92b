namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void List_HasTheNewestFirst_AndValuesTwice()
    {
        FillList("abca");
        Commit(transaction => transaction.InsertToList(OtherKey, "other"));

        Assert.Equal(["a", "c", "b", "a"], Connection.GetAllItemsFromList(Key));
        Assert.Equal(4, Connection.GetListCount(Key));
        Assert.Equal(1, Connection.GetListCount(OtherKey));
    }

    [Fact]
    public void List_IsEmpty_WhenUnknown()
    {
        Assert.Empty(Connection.GetAllItemsFromList(Key));
        Assert.Empty(Connection.GetRangeFromList(Key, 0, 10));
        Assert.Equal(0, Connection.GetListCount(Key));
    }

    [Theory]
    [InlineData(0, 0, "e")]
    [InlineData(0, 2, "edc")]
    [InlineData(1, 3, "dcb")]
    [InlineData(3, 99, "ba")]
    [InlineData(5, 9, "")]
    public void GetRangeFromList_CountsFromTheNewest_BothEndsIncluded(int from, int to, string expected)
    {
        FillList("abcde");

        Assert.Equal(expected, string.Concat(Connection.GetRangeFromList(Key, from, to)));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 0)]
    public void GetRangeFromList_RefusesImpossibleRanges(int from, int to)
    {
        FillList("abc");

        AssertRefusesRange(() => Connection.GetRangeFromList(Key, from, to));
    }

    [Fact]
    public void RemoveFromList_RemovesAllEqualValues()
    {
        FillList("abacA");

        Commit(transaction =>
        {
            transaction.RemoveFromList(Key, "a");
            transaction.RemoveFromList(Key, "unknown");
            transaction.RemoveFromList($"unknown-{Key}", "a");
        });

        Assert.Equal(["A", "c", "b"], Connection.GetAllItemsFromList(Key));
    }

    [Theory]
    [InlineData(0, 0, "e", "a")]
    [InlineData(0, 2, "edc", "cba")]
    [InlineData(1, 3, "dcb", "dcb")]
    [InlineData(2, 99, "cba", "edc")]
    [InlineData(0, 99, "edcba", "edcba")]
    [InlineData(5, 9, "", "")]
    [InlineData(2, 1, "", "")]
    public void TrimList_KeepsTheRangeFromTheNewest_BothEndsIncluded(int from, int to, string expected, string fromTheOldest)
    {
        FillList("abcde");
        Commit(transaction => transaction.InsertToList(OtherKey, "other"));

        Commit(transaction => transaction.TrimList(Key, from, to));

        Assert.Equal(
            Differs(Difference.TrimListCountsFromTheOldest) ? fromTheOldest : expected, string.Concat(Connection.GetAllItemsFromList(Key)));
        Assert.Equal(1, Connection.GetListCount(OtherKey));
    }

    [Fact]
    public void TrimList_RemovesAll_WhenTheRangeIsTurnedRound()
    {
        FillList("abcde");

        var thrown = Record.Exception(() => Commit(transaction => transaction.TrimList(Key, 4, 1)));

        AssertFailsOr(thrown, () => Assert.Empty(Connection.GetAllItemsFromList(Key)));
    }

    [Fact]
    public void TrimList_KeepsNothingButTheNewest_WhenTheStartIsNegative()
    {
        FillList("abcde");

        var thrown = Record.Exception(() => Commit(transaction => transaction.TrimList(Key, -1, 1)));

        // Storages do not agree on how many: two by position, three by length.
        AssertFailsOr(thrown, () => Assert.StartsWith(string.Concat(Connection.GetAllItemsFromList(Key)), "edc", StringComparison.Ordinal));
    }

    [Fact]
    public void TrimList_DoesNothing_WhenTheListIsUnknown()
    {
        Commit(transaction => transaction.TrimList(Key, 0, 1));

        Assert.Empty(Connection.GetAllItemsFromList(Key));
    }

    [Fact]
    public void TrimList_KeepsALogShort_WhenInsertedAndTrimmedTogether()
    {
        foreach (var item in "abcdefg")
        {
            Commit(transaction =>
            {
                transaction.InsertToList(Key, $"{item}");
                transaction.TrimList(Key, 0, 2);
            });
        }

        Assert.Equal(Differs(Difference.TrimListCountsFromTheOldest) ? "cba" : "gfe", string.Concat(Connection.GetAllItemsFromList(Key)));
    }

    [Fact]
    public void GetListTtl_IsWhatExpireListSet_AndNegativeOtherwise()
    {
        Assert.True(Connection.GetListTtl(Key) < TimeSpan.Zero);
        FillList("ab");
        Assert.True(Connection.GetListTtl(Key) < TimeSpan.Zero);

        Commit(transaction => transaction.ExpireList(Key, Hour));
        AssertTtl(Hour, Connection.GetListTtl(Key));

        Commit(transaction => transaction.PersistList(Key));
        Assert.True(Connection.GetListTtl(Key) < TimeSpan.Zero);
    }

    private void FillList(string items)
    {
        foreach (var item in items)
            Commit(transaction => transaction.InsertToList(Key, $"{item}"));
    }

    private void AssertFailsOr(Exception? thrown, Action assert)
    {
        if (Differs(Difference.TrimListFailsForImpossibleRanges))
        {
            Assert.IsType<System.Data.Common.DbException>(thrown, exactMatch: false);
            return;
        }
        Assert.Null(thrown);
        assert();
    }
}
