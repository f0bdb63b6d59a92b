namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SetRangeInHash_AddsAndReplaces(bool inTransaction)
    {
        SetHash(inTransaction, ("a", "1"), ("b", "2"), ("A", "3"));
        Connection.SetRangeInHash(OtherKey, [new("other", "1")]);

        SetHash(inTransaction, ("b", "4"), ("c", "日本語 '\"\\ 🚀"));

        Assert.Equal(
            new Dictionary<string, string> { ["a"] = "1", ["b"] = "4", ["A"] = "3", ["c"] = "日本語 '\"\\ 🚀" },
            Connection.GetAllEntriesFromHash(Key));
        Assert.Equal(4, Connection.GetHashCount(Key));
        Assert.Equal("4", Connection.GetValueFromHash(Key, "b"));
        Assert.Equal(1, Connection.GetHashCount(OtherKey));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SetRangeInHash_TakesNullAndEmptyValues(bool inTransaction)
    {
        SetHash(inTransaction, ("null", null), ("empty", ""));

        Assert.Equal(2, Connection.GetHashCount(Key));
        Assert.Null(Connection.GetValueFromHash(Key, "null"));
        Assert.Equal("", Connection.GetValueFromHash(Key, "empty"));
        Assert.Null(Connection.GetAllEntriesFromHash(Key)["null"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SetRangeInHash_CreatesNothing_WhenThereAreNoFields(bool inTransaction)
    {
        SetHash(inTransaction);

        Assert.Null(Connection.GetAllEntriesFromHash(Key));
    }

    [Fact]
    public void Hash_IsNullOrZero_WhenUnknown()
    {
        Assert.Null(Connection.GetAllEntriesFromHash(Key));
        Assert.Null(Connection.GetValueFromHash(Key, "field"));
        Assert.Equal(0, Connection.GetHashCount(Key));
    }

    [Fact]
    public void GetValueFromHash_ReturnsNull_WhenTheFieldIsUnknown()
    {
        SetHash(inTransaction: false, ("a", "1"));

        Assert.Null(Connection.GetValueFromHash(Key, "A"));
    }

    [Fact]
    public void RemoveHash_RemovesAllFields()
    {
        SetHash(inTransaction: false, ("a", "1"), ("b", "2"));

        Commit(transaction =>
        {
            transaction.RemoveHash(Key);
            transaction.RemoveHash($"unknown-{Key}");
        });

        Assert.Null(Connection.GetAllEntriesFromHash(Key));
    }

    [Fact]
    public void GetHashTtl_IsWhatExpireHashSet_AndNegativeOtherwise()
    {
        Assert.True(Connection.GetHashTtl(Key) < TimeSpan.Zero);
        SetHash(inTransaction: false, ("a", "1"), ("b", "2"));
        Assert.True(Connection.GetHashTtl(Key) < TimeSpan.Zero);

        Commit(transaction => transaction.ExpireHash(Key, Hour));
        AssertTtl(Hour, Connection.GetHashTtl(Key));

        Commit(transaction => transaction.PersistHash(Key));
        Assert.True(Connection.GetHashTtl(Key) < TimeSpan.Zero);
    }

    [Fact]
    public void ExpireAndPersist_DoNothing_WhenTheKeyIsUnknown()
    {
        Commit(transaction =>
        {
            transaction.ExpireHash(Key, Hour);
            transaction.PersistHash(Key);
            transaction.ExpireSet(Key, Hour);
            transaction.PersistSet(Key);
            transaction.ExpireList(Key, Hour);
            transaction.PersistList(Key);
        });

        Assert.Null(Connection.GetAllEntriesFromHash(Key));
        Assert.Equal(0, Connection.GetSetCount(Key));
        Assert.Equal(0, Connection.GetListCount(Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\n'\"%_\\ 日本語 🚀")]
    public void Values_MayBeAnyText(string text)
    {
        Commit(transaction =>
        {
            transaction.AddToSet(Key, text, 1);
            transaction.InsertToList(Key, text);
            transaction.SetRangeInHash(Key, [new(text, text)]);
        });

        Assert.Equal([text], Connection.GetAllItemsFromSet(Key));
        Assert.Equal([text], Connection.GetAllItemsFromList(Key));
        Assert.Equal(new Dictionary<string, string> { [text] = text }, Connection.GetAllEntriesFromHash(Key));

        Commit(transaction =>
        {
            transaction.RemoveFromSet(Key, text);
            transaction.RemoveFromList(Key, text);
        });
        Assert.Equal(0, Connection.GetSetCount(Key) + Connection.GetListCount(Key));
    }

    private void SetHash(bool inTransaction, params (string Field, string? Value)[] fields)
    {
        var pairs = fields.Select(field => KeyValuePair.Create(field.Field, field.Value!));
        if (inTransaction)
            Commit(transaction => transaction.SetRangeInHash(Key, pairs));
        else
            Connection.SetRangeInHash(Key, pairs);
    }
}
