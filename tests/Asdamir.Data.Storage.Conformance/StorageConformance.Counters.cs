namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void GetCounter_IsZero_WhenUnknown()
    {
        Assert.Equal(0, Connection.GetCounter(Key));
    }

    [Fact]
    public void Counter_SumsIncrementsAndDecrements_WithAndWithoutExpiry()
    {
        Commit(transaction =>
        {
            transaction.IncrementCounter(Key);
            transaction.IncrementCounter(Key, Hour);
            transaction.IncrementCounter(Key, TimeSpan.FromDays(30));
            transaction.DecrementCounter(Key);
            transaction.IncrementCounter(OtherKey);
        });
        Assert.Equal(2, Connection.GetCounter(Key));

        Commit(transaction =>
        {
            transaction.DecrementCounter(Key, Hour);
            transaction.DecrementCounter(Key);
            transaction.DecrementCounter(Key);
        });

        Assert.Equal(-1, Connection.GetCounter(Key));
        Assert.Equal(1, Connection.GetCounter(OtherKey));
    }

    [Fact]
    public void Counter_CountsOnAfterZero()
    {
        Commit(transaction => transaction.IncrementCounter(Key));
        Commit(transaction => transaction.DecrementCounter(Key));
        Assert.Equal(0, Connection.GetCounter(Key));

        Commit(transaction => transaction.IncrementCounter(Key));

        Assert.Equal(1, Connection.GetCounter(Key));
    }

    [Fact]
    public async Task Counter_LosesNothing_WhenManyThreadsCount()
    {
        var connections = Enumerable.Range(0, 10).Select(_ => Connect()).ToArray();
        using var server = StartServer(Queue);

        await OnThreadsAsync(10, thread =>
        {
            for (var i = 0; i < 10; i++)
            {
                Commit(connections[thread], transaction =>
                {
                    transaction.IncrementCounter(Key);
                    transaction.IncrementCounter(Key, Hour);
                    transaction.DecrementCounter(OtherKey);
                });
            }
        });

        if (Differs(Difference.CountersLoseWhileAggregated))
        {
            Assert.InRange(Connection.GetCounter(Key), 1, 200);
            Assert.InRange(Connection.GetCounter(OtherKey), -100, -1);
            return;
        }
        Assert.Equal(200, Connection.GetCounter(Key));
        Assert.Equal(-100, Connection.GetCounter(OtherKey));
    }
}
