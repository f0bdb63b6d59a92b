using System.Security.Cryptography;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.Engine.Writes;

[NeedsPostgreSql]
public sealed class LongAndImpossibleValuesOnPostgreSql() : LongAndImpossibleValueTests(static place => OnPostgreSql(place))
{
    // What compresses well may be longer: the server says what is too long.
    private static string LongText => Convert.ToHexString(RandomNumberGenerator.GetBytes(5_000));

    [Fact]
    public void Commit_NamesTheValueOfTheSet_WhenItIsTooLongForAnIndex() =>
        AssertRefused((transaction, text) => transaction.AddToSet("a set", text), "A value of the set 'a set' has 10000 bytes");

    [Fact]
    public void Commit_NamesTheFieldOfTheHash_WhenItIsTooLongForAnIndex() =>
        AssertRefused(
            (transaction, text) => transaction.SetRangeInHash("a hash", [KeyValuePair.Create(text, "value")]),
            "A field of the hash 'a hash' has 10000 bytes");

    [Fact]
    public void Commit_NamesTheKey_WhenItIsTooLongForAnIndex()
    {
        AssertRefused((transaction, text) => transaction.InsertToList(text, "value"), "The key of a set, hash or list has 10000 bytes");
        AssertRefused((transaction, text) => transaction.IncrementCounter(text), "The key of a counter has 10000 bytes");
        AssertRefused((transaction, text) => transaction.AddToQueue(text, "1"), "The name of a queue has 10000 bytes");
    }

    [Fact]
    public void CallersTransaction_NamesTheValueOfTheSet_WhenItIsTooLongForAnIndex()
    {
        using var source = NpgsqlDataSource.Create(Place.PostgreSql);
        using var database = source.OpenConnection();
        using var transaction = database.BeginTransaction();
        using var connection = ((PostgreSqlJobStorage)Storage).InTransaction(transaction).GetConnection();
        using var write = connection.CreateWriteTransaction();
        write.AddToSet("a set", LongText);

        Assert.Contains("A value of the set 'a set'", Assert.Throws<ArgumentException>(write.Commit).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_FailsOnlyForItsOwnCaller_WhenItsValueIsTooLongForAnIndex()
    {
        var failures = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(
            () => Record.Exception(() => Add("a set", number == 3 ? LongText : $"{number}")),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.IsType<ArgumentException>(failures[3]);
        Assert.All(failures.Where((_, number) => number != 3), Assert.Null);
        using var connection = (JobStorageConnection)Storage.GetConnection();
        Assert.Equal(7, connection.GetSetCount("a set"));
    }

    private void AssertRefused(Action<IWriteOnlyTransaction, string> write, string expected)
    {
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        write(transaction, LongText);

        var thrown = Assert.Throws<ArgumentException>(transaction.Commit);

        Assert.StartsWith(expected, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written. Fix: use a shorter text", thrown.Message, StringComparison.Ordinal);
    }

    private void Add(string key, string value)
    {
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.AddToSet(key, value);
        transaction.Commit();
    }
}

public sealed class LongAndImpossibleValuesOnSqlite() : LongAndImpossibleValueTests(static place => OnSqlite(place));

public abstract class LongAndImpossibleValueTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void Set_RefusesAScoreThatIsNoNumber()
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();

        Assert.Contains(
            "The score of 'value' in the set 'key' is NaN",
            Assert.Throws<ArgumentException>(() => transaction.AddToSet("key", "value", double.NaN)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => connection.GetFirstByLowestScoreFromSet("key", double.NaN, 1));
        Assert.Throws<ArgumentException>(() => connection.GetFirstByLowestScoreFromSet("key", 0, double.NaN, 5));
    }

    [Fact]
    public void Set_TakesInfiniteScores()
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.AddToSet("key", "last", double.PositiveInfinity);
            transaction.AddToSet("key", "first", double.NegativeInfinity);
            transaction.Commit();
        }

        Assert.Equal(
            ["first", "last"], connection.GetFirstByLowestScoreFromSet("key", double.NegativeInfinity, double.PositiveInfinity, 5));
    }

    [Fact]
    public void Lock_TakesANameOfAnyLength()
    {
        var name = Convert.ToHexString(RandomNumberGenerator.GetBytes(50_000));
        using var connection = Storage.GetConnection();
        using var other = OpenAnother();
        using var otherConnection = other.GetConnection();
        using (connection.AcquireDistributedLock(name, TimeSpan.Zero))
        {
            Assert.Equal(
                name,
                Assert.Throws<DistributedLockTimeoutException>(() => otherConnection.AcquireDistributedLock(name, TimeSpan.Zero)).Resource);
            otherConnection.AcquireDistributedLock(name + "x", TimeSpan.Zero).Dispose();
        }

        otherConnection.AcquireDistributedLock(name, TimeSpan.Zero).Dispose();
    }
}
