using System.Diagnostics;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.Storage;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Tests.Conformance;

public abstract partial class StorageConformance
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    [Fact]
    public void Lock_KeepsOthersOut_UntilReleased()
    {
        var other = Connect();

        using (Connection.AcquireDistributedLock(Key, Long))
        {
            AssertLocked(other, Key);
            other.AcquireDistributedLock(OtherKey, Short).Dispose();
        }

        other.AcquireDistributedLock(Key, TimeSpan.Zero).Dispose();
        Connection.AcquireDistributedLock(Key, Short).Dispose();
    }

    [Fact]
    public void Lock_NamesTheResource_WhenItTimesOut()
    {
        using var held = Connection.AcquireDistributedLock(Key, Long);

        var thrown = Assert.ThrowsAny<DistributedLockTimeoutException>(() => Connect().AcquireDistributedLock(Key, Short));

        Assert.Equal(Differs(Difference.LockNamesCarryTheSchema) ? $"{_place.Schema}:{Key}" : Key, thrown.Resource);
    }

    [Fact]
    public void Lock_TimesOutAfterTheTimeout()
    {
        using var held = Connection.AcquireDistributedLock(Key, Long);
        var watch = Stopwatch.StartNew();

        Assert.ThrowsAny<DistributedLockTimeoutException>(() => Connect().AcquireDistributedLock(Key, TimeSpan.FromMilliseconds(600)));

        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Lock_TimesOutAtOnce_WhenTheTimeoutIsZero()
    {
        using var held = Connection.AcquireDistributedLock(Key, Long);
        var watch = Stopwatch.StartNew();

        Assert.ThrowsAny<DistributedLockTimeoutException>(() => Connect().AcquireDistributedLock(Key, TimeSpan.Zero));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Lock_GoesToAWaitingOne_WhenReleased()
    {
        var other = Connect();
        var held = Connection.AcquireDistributedLock(Key, Long);
        var waiting = OnThreadsAsync(1, _ => other.AcquireDistributedLock(Key, Long).Dispose());
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        held.Dispose();

        await waiting.WaitAsync(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Lock_IsTakenAgainByItsOwnConnection_AndHeldUntilTheLastRelease()
    {
        var other = Connect();
        var first = Connection.AcquireDistributedLock(Key, Short);
        var second = Connection.AcquireDistributedLock(Key, Short);

        first.Dispose();
        AssertLocked(other, Key);

        second.Dispose();
        other.AcquireDistributedLock(Key, Short).Dispose();
    }

    [Fact]
    public void Lock_IsReleasedOnce_WhenDisposedTwice()
    {
        var other = Connect();
        var held = Connection.AcquireDistributedLock(Key, Short);
        held.Dispose();
        using var others = other.AcquireDistributedLock(Key, Short);

        held.Dispose();

        AssertLocked(Connection, Key);
    }

    [Fact]
    public void Lock_IsReleased_WhenItsConnectionIsClosed()
    {
        using (var connection = Storage.GetConnection())
            connection.AcquireDistributedLock(Key, Short);

        if (Differs(Difference.LocksOutliveTheirConnection))
            AssertLocked(Connection, Key);
        else
            Connection.AcquireDistributedLock(Key, Short).Dispose();
    }

    [Fact]
    public async Task Lock_LetsOneInAtATime_WhenManyThreadsContend()
    {
        var connections = Enumerable.Range(0, 6).Select(_ => Connect()).ToArray();
        var (counter, inside, crowded) = (0, 0, false);

        await OnThreadsAsync(6, thread =>
        {
            for (var i = 0; i < 3; i++)
            {
                using (connections[thread].AcquireDistributedLock(Key, TimeSpan.FromSeconds(40)))
                {
                    crowded |= Interlocked.Increment(ref inside) > 1;
                    var read = Volatile.Read(ref counter);
                    Thread.Sleep(1);
                    Volatile.Write(ref counter, read + 1);
                    Interlocked.Decrement(ref inside);
                }
            }
        });

        Assert.Equal(18, counter);
        Assert.False(crowded);
    }

    [Fact]
    public void Lock_DoesNotStandInTheWayOfReadsAndWrites()
    {
        using var held = Connection.AcquireDistributedLock(Key, Short);

        Commit(transaction => transaction.AddToSet(Key, "value"));
        Commit(Connect(), transaction => transaction.AddToSet(Key, "other"));

        Assert.Equal(2, Connection.GetSetCount(Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TransactionLock_IsHeldToTheEndOfTheTransaction(bool commit)
    {
        using (var transaction = (JobStorageTransaction)Connection.CreateWriteTransaction())
        {
            if (Lacks(Features.Transaction.AcquireDistributedLock, () => transaction.AcquireDistributedLock(Key, Short)))
                return;
            transaction.AcquireDistributedLock(Key, Short);
            transaction.AcquireDistributedLock(Key, Short);
            transaction.AcquireDistributedLock(OtherKey, Short);
            transaction.AddToSet(Key, "value");
            AssertLocked(Connect(), Key);
            AssertLocked(Connect(), OtherKey);
            if (commit)
            {
                transaction.Commit();
                Connect().AcquireDistributedLock(Key, Short).Dispose();
            }
        }

        Connect().AcquireDistributedLock(Key, Short).Dispose();
        Connect().AcquireDistributedLock(OtherKey, Short).Dispose();
        Assert.Equal(commit ? 1 : 0, Connection.GetSetCount(Key));
    }

    [Fact]
    public void TransactionLock_TimesOut_WhileAnotherConnectionHoldsIt()
    {
        var transaction = Begin();
        using var held = Connect().AcquireDistributedLock(Key, Short);
        if (Lacks(Features.Transaction.AcquireDistributedLock, () => transaction.AcquireDistributedLock(Key, Short)))
            return;

        Assert.ThrowsAny<DistributedLockTimeoutException>(() => transaction.AcquireDistributedLock(Key, Short));
        Assert.ThrowsAny<ArgumentException>(() => transaction.AcquireDistributedLock(null!, Short));
    }

    private static void AssertLocked(JobStorageConnection connection, string resource) =>
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => connection.AcquireDistributedLock(resource, TimeSpan.Zero));
}
