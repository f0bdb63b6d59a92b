using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void Commit_Succeeds_WhenThereIsNothingToWrite() => Commit(_ => { });

    [Fact]
    public void Transaction_WritesNothing_WhenDisposedWithoutCommit()
    {
        var id = CreateJob(new EnqueuedState(Queue));
        Commit(transaction => transaction.InsertToList(OtherKey, "kept"));

        using (var transaction = (JobStorageTransaction)Connection.CreateWriteTransaction())
            WriteEverything(transaction, id);

        Assert.Equal(EnqueuedState.StateName, Connection.GetStateData(id).Name);
        Assert.Single(Monitoring.JobDetails(id).History);
        Assert.NotNull(Monitoring.JobDetails(id).ExpireAt);
        Assert.Empty(Connection.GetAllItemsFromSet(Key));
        Assert.Empty(Connection.GetAllItemsFromList(Key));
        Assert.Null(Connection.GetAllEntriesFromHash(Key));
        Assert.Equal(0, Connection.GetCounter(Key));
        Assert.Equal(["kept"], Connection.GetAllItemsFromList(OtherKey));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void Transaction_IsSeenByOthersFromTheCommitOn()
    {
        var id = CreateJob(new EnqueuedState(Queue));
        var other = Connect();
        var transaction = Begin();
        WriteEverything(transaction, id);
        Assert.Equal(EnqueuedState.StateName, other.GetStateData(id).Name);
        Assert.Empty(other.GetAllItemsFromSet(Key));

        transaction.Commit();

        Assert.Equal(ProcessingState.StateName, other.GetStateData(id).Name);
        Assert.Null(Monitoring.JobDetails(id).ExpireAt);
        Assert.Equal(["value"], other.GetAllItemsFromSet(Key));
        Assert.Equal(["value"], other.GetAllItemsFromList(Key));
        Assert.Equal("value", other.GetValueFromHash(Key, "field"));
        Assert.Equal(1, other.GetCounter(Key));
        Assert.Equal(id, FetchAndRemove(Queue));
    }

    [Fact]
    public void Transaction_WritesNothing_WhenAStateCannotBeSerialized()
    {
        var id = CreateJob(new EnqueuedState(Queue));

        Assert.Throws<InvalidTimeZoneException>(() => Commit(transaction =>
        {
            WriteEverything(transaction, id);
            transaction.SetJobState(id, new HostileState());
        }));

        Assert.Equal(EnqueuedState.StateName, Connection.GetStateData(id).Name);
        Assert.Empty(Connection.GetAllItemsFromSet(Key));
        Assert.Equal(0, Connection.GetCounter(Key));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void Transaction_AppliesWritesInTheOrderOfTheCalls()
    {
        Commit(transaction =>
        {
            transaction.AddToSet(Key, "a", 1);
            transaction.AddToSet(Key, "b", 2);
            transaction.RemoveFromSet(Key, "a");
            transaction.AddToSet(Key, "b", 5);
            transaction.RemoveFromSet(Key, "c");
            transaction.AddToSet(Key, "c", 3);
            transaction.AddToSet(OtherKey, "old", 1);
            transaction.RemoveSet(OtherKey);
            transaction.AddToSet(OtherKey, "new", 2);

            transaction.SetRangeInHash(Key, [new("a", "1"), new("b", "1")]);
            transaction.SetRangeInHash(Key, [new("b", "2")]);
            transaction.SetRangeInHash(OtherKey, [new("old", "1")]);
            transaction.RemoveHash(OtherKey);
            transaction.SetRangeInHash(OtherKey, [new("new", "1")]);

            transaction.InsertToList(Key, "1");
            transaction.InsertToList(Key, "2");
            transaction.RemoveFromList(Key, "1");
            transaction.InsertToList(Key, "3");
            transaction.InsertToList(Key, "1");

            transaction.IncrementCounter(Key);
            transaction.DecrementCounter(Key);
            transaction.IncrementCounter(Key);
        });

        Assert.Equal("c", Connection.GetFirstByLowestScoreFromSet(Key, 0, 4));
        Assert.Equal("b", Connection.GetFirstByLowestScoreFromSet(Key, 4, 9));
        Assert.Equal(2, Connection.GetSetCount(Key));
        Assert.Equal(["new"], Connection.GetAllItemsFromSet(OtherKey));
        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, Connection.GetAllEntriesFromHash(Key));
        Assert.Equal(new Dictionary<string, string> { ["new"] = "1" }, Connection.GetAllEntriesFromHash(OtherKey));
        Assert.Equal(["1", "3", "2"], Connection.GetAllItemsFromList(Key));
        Assert.Equal(1, Connection.GetCounter(Key));
    }

    [Fact]
    public void Transaction_ExpiresOnlyWhatIsThereAtThatCall()
    {
        Commit(transaction =>
        {
            transaction.ExpireSet(Key, Hour);
            transaction.AddToSet(Key, "value");
            transaction.ExpireHash(Key, Hour);
            transaction.SetRangeInHash(Key, [new("field", "value")]);
            transaction.ExpireList(Key, Hour);
            transaction.InsertToList(Key, "value");
        });

        Assert.True(Connection.GetSetTtl(Key) < TimeSpan.Zero);
        Assert.True(Connection.GetHashTtl(Key) < TimeSpan.Zero);
        Assert.True(Connection.GetListTtl(Key) < TimeSpan.Zero);
    }

    [Fact]
    public void Transaction_TakesAThousandWrites()
    {
        Commit(transaction =>
        {
            for (var i = 0; i < 500; i++)
            {
                transaction.AddToSet(Key, $"{i}", i);
                transaction.IncrementCounter(Key);
            }
        });

        Assert.Equal(500, Connection.GetSetCount(Key));
        Assert.Equal(500, Connection.GetCounter(Key));
    }

    [Fact]
    public async Task Commit_KeepsAll_WhenManyThreadsWriteDifferentValuesOfOneKey()
    {
        var connections = Enumerable.Range(0, 8).Select(_ => Connect()).ToArray();

        await OnThreadsAsync(8, thread =>
        {
            for (var i = 0; i < 10; i++)
            {
                Commit(connections[thread], transaction =>
                {
                    transaction.AddToSet(Key, $"{thread}-{i}", i);
                    transaction.InsertToList(Key, $"{thread}-{i}");
                });
            }
        });

        Assert.Equal(80, Connection.GetSetCount(Key));
        Assert.Equal(80, Connection.GetAllItemsFromList(Key).Distinct().Count());
    }

    [Fact]
    public async Task Commit_NeitherFailsNorDeadlocks_WhenManyThreadsWriteTheSameKeysInOpposedOrders()
    {
        var connections = Enumerable.Range(0, 8).Select(_ => Connect()).ToArray();
        var failures = new System.Collections.Concurrent.ConcurrentBag<Exception>();
        var rounds = Differs(Difference.ConcurrentCommitsMayCollide) ? 2 : 10;
        string[] keys = [.. Enumerable.Range(0, 6).Select(number => $"{Key}-{number}")];

        await OnThreadsAsync(8, thread =>
        {
            for (var i = 0; i < rounds; i++)
            {
                var failure = Record.Exception(() => Commit(connections[thread], transaction =>
                {
                    foreach (var key in thread % 2 == 0 ? keys : keys.Reverse())
                    {
                        transaction.AddToSet(key, "value", thread);
                        transaction.SetRangeInHash(key, [new("field", $"{thread}")]);
                    }
                }));
                if (failure is not null)
                    failures.Add(failure);
            }
        });

        if (Differs(Difference.ConcurrentCommitsMayCollide))
            Assert.All(failures, failure => Assert.IsType<System.Data.Common.DbException>(failure, exactMatch: false));
        else
            Assert.Empty(failures);
        Assert.All(keys, key =>
        {
            Assert.Equal(["value"], Connection.GetAllItemsFromSet(key));
            Assert.Equal(["field"], Connection.GetAllEntriesFromHash(key).Keys);
        });
    }

    private void WriteEverything(JobStorageTransaction transaction, string id)
    {
        transaction.SetJobState(id, Processing("server"));
        transaction.AddJobState(id, new SampleState("Aside", null, []));
        transaction.PersistJob(id);
        transaction.AddToQueue(Queue, id);
        transaction.AddToSet(Key, "value", 1);
        transaction.InsertToList(Key, "value");
        transaction.SetRangeInHash(Key, [new("field", "value")]);
        transaction.IncrementCounter(Key);
        transaction.RemoveFromList(OtherKey, "kept");
    }

    private sealed class HostileState : IState
    {
        public string Name => "Hostile";

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => throw new InvalidTimeZoneException();
    }
}
