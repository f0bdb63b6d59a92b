using System.Diagnostics;
using Hangfire.Storage;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    // For a lock that another one has; what is free is got at once, whatever the limit.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = Until.Limit;

    [Fact]
    public void Lock_KeepsOthersOut_UntilReleased()
    {
        var other = Connect();

        using (Connection.AcquireDistributedLock(Key, Long))
        {
            AssertLocked(other, Key);
            other.AcquireDistributedLock(OtherKey, Long).Dispose();
        }

        other.AcquireDistributedLock(Key, TimeSpan.Zero).Dispose();
        Connection.AcquireDistributedLock(Key, Long).Dispose();
    }

    [Fact]
    public void Lock_NamesTheResource_WhenItTimesOut()
    {
        using var held = Connection.AcquireDistributedLock(Key, Long);

        var thrown = Assert.ThrowsAny<DistributedLockTimeoutException>(() => Connect().AcquireDistributedLock(Key, Short));

        Assert.Equal(Differs(Difference.LockNamesCarryTheSchema) ? $"{_name}:{Key}" : Key, thrown.Resource);
    }

    [Fact]
    public async Task Lock_TimesOut_AndNotBeforeTheTimeout()
    {
        using var held = Connection.AcquireDistributedLock(Key, Long);
        var other = Connect();
        var watch = Stopwatch.StartNew();

        var waiting = OnThreadsAsync(1, _ => other.AcquireDistributedLock(Key, TimeSpan.FromMilliseconds(600)));

        await Assert.ThrowsAnyAsync<DistributedLockTimeoutException>(
            () => waiting.WaitAsync(Until.Limit, TestContext.Current.CancellationToken));

        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(500), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Lock_TimesOutAtOnce_WhenTheTimeoutIsZero()
    {
        using var held = Connection.AcquireDistributedLock(Key, Long);
        var other = Connect();

        // So many that any wait would add up to more than the limit.
        await OnThreadsAsync(1, _ =>
        {
            for (var i = 0; i < 200; i++)
                AssertLocked(other, Key);
        }).WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Lock_GoesToAWaitingOne_WhenReleased()
    {
        var other = Connect();
        var third = Connect();
        var held = Connection.AcquireDistributedLock(Key, Long);
        using var asks = new ManualResetEventSlim();
        var released = false;
        var waiting = OnThreadsAsync(1, _ =>
        {
            asks.Set();
            using var got = other.AcquireDistributedLock(Key, Long);
            Assert.True(Volatile.Read(ref released));
        });
        asks.Wait(TestContext.Current.CancellationToken);
        // It asks now or has asked; others who ask meanwhile are refused, too.
        for (var i = 0; i < 20; i++)
            AssertLocked(third, Key);

        Volatile.Write(ref released, true);
        held.Dispose();

        await waiting.WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Lock_IsTakenAgainByItsOwnConnection_AndHeldUntilTheLastRelease()
    {
        var other = Connect();
        var first = Connection.AcquireDistributedLock(Key, Long);
        var second = Connection.AcquireDistributedLock(Key, Long);

        first.Dispose();
        AssertLocked(other, Key);

        second.Dispose();
        other.AcquireDistributedLock(Key, Long).Dispose();
    }

    [Fact]
    public void Lock_IsReleasedOnce_WhenDisposedTwice()
    {
        var other = Connect();
        var held = Connection.AcquireDistributedLock(Key, Long);
        held.Dispose();
        using var others = other.AcquireDistributedLock(Key, Long);

        held.Dispose();

        AssertLocked(Connection, Key);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("job:{0}:state-lock")]
    public void Lock_IsHeldByTheOuterHandle_WhenTheInnerOneIsDisposedTwice(string format)
    {
        var resource = format == "key" ? Key : string.Format(System.Globalization.CultureInfo.InvariantCulture, format, CreateJob());
        var other = Connect();
        var outer = Connection.AcquireDistributedLock(resource, Short);
        var inner = Connection.AcquireDistributedLock(resource, Short);

        inner.Dispose();
        inner.Dispose();
        AssertLocked(other, resource);

        outer.Dispose();
        outer.Dispose();
        inner.Dispose();
        using var others = other.AcquireDistributedLock(resource, Short);
        AssertLocked(Connection, resource);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("job:{0}:state-lock")]
    public void Lock_IsItsNextHolders_WhenAHandleOfAClosedConnectionIsDisposed(string format)
    {
        var resource = format == "key" ? Key : string.Format(System.Globalization.CultureInfo.InvariantCulture, format, CreateJob());
        IDisposable first, second;
        using (var connection = Storage.GetConnection())
        {
            first = connection.AcquireDistributedLock(resource, Short);
            second = connection.AcquireDistributedLock(resource, Short);
        }
        if (Differs(Difference.LocksOutliveTheirConnection))
        {
            AssertLocked(Connection, resource);
            return;
        }
        using var held = Connection.AcquireDistributedLock(resource, Short);

        first.Dispose();
        second.Dispose();

        AssertLocked(Connect(), resource);
    }

    [Fact]
    public void Lock_IsReleased_WhenItsConnectionIsClosed()
    {
        using (var connection = Storage.GetConnection())
            connection.AcquireDistributedLock(Key, Long);

        if (Differs(Difference.LocksOutliveTheirConnection))
            AssertLocked(Connection, Key);
        else
            Connection.AcquireDistributedLock(Key, Long).Dispose();
    }

    [Fact]
    public async Task Lock_LetsOneInAtATime_WhenManyThreadsContend()
    {
        var connections = Enumerable.Range(0, 6).Select(_ => Connect()).ToArray();
        var counter = 0;
        var inside = 0;
        var crowded = false;

        await OnThreadsAsync(6, thread =>
        {
            for (var i = 0; i < 3; i++)
            {
                using (connections[thread].AcquireDistributedLock(Key, Long))
                {
                    crowded |= Interlocked.Increment(ref inside) > 1;
                    var read = Volatile.Read(ref counter);
                    Thread.Yield();
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
        using var held = Connection.AcquireDistributedLock(Key, Long);

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
            transaction.AcquireDistributedLock(Key, Long);
            transaction.AcquireDistributedLock(Key, Long);
            transaction.AcquireDistributedLock(OtherKey, Long);
            transaction.AddToSet(Key, "value");
            AssertLocked(Connect(), Key);
            AssertLocked(Connect(), OtherKey);
            if (commit)
            {
                transaction.Commit();
                Connect().AcquireDistributedLock(Key, Long).Dispose();
            }
        }

        Connect().AcquireDistributedLock(Key, Long).Dispose();
        Connect().AcquireDistributedLock(OtherKey, Long).Dispose();
        Assert.Equal(commit ? 1 : 0, Connection.GetSetCount(Key));
    }

    [Fact]
    public void TransactionLock_TimesOut_WhileAnotherConnectionHoldsIt()
    {
        var transaction = Begin();
        using var held = Connect().AcquireDistributedLock(Key, Long);
        if (Lacks(Features.Transaction.AcquireDistributedLock, () => transaction.AcquireDistributedLock(Key, Short)))
            return;

        Assert.ThrowsAny<DistributedLockTimeoutException>(() => transaction.AcquireDistributedLock(Key, Short));
        Assert.ThrowsAny<ArgumentException>(() => transaction.AcquireDistributedLock(null!, Short));
    }

    private static void AssertLocked(JobStorageConnection connection, string resource) =>
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => connection.AcquireDistributedLock(resource, TimeSpan.Zero));
}
