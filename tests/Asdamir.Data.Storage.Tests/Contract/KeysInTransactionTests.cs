using Npgsql;

namespace Asdamir.Data.Storage.Tests.Contract;

/// <summary>Keys of jobs that are created in the transaction of a caller.</summary>
[NeedsPostgreSql]
public sealed class KeysInTransactionTests() : KeyedStorageTests(static place => OnPostgreSql(place))
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KeyTakenInACallersTransaction_IsTakenExactlyWhenThatCommits(bool commit)
    {
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var inside = ((PostgreSqlJobStorage)Storage).InTransaction(transaction);
        var first = Create("a", "mail", storage: inside);
        var again = Create("a", storage: inside);
        Assert.Equal((null, first.Id), (first.Holder, again.Holder));
        // It waits for the transaction, and no other commit waits with it.
        var waiting = Task.Run(() => Create("a"), Token);
        Assert.Null(Create("b").Holder);

        if (commit)
            await transaction.CommitAsync(Token);
        else
            await transaction.RollbackAsync(Token);

        Assert.Equal(commit ? first.Id : null, (await waiting).Holder);
        Assert.Equal(commit ? first.Id : null, Create(null, "mail").Holder);
    }

    [Fact]
    public async Task CallersTransaction_ContinuesAfterATakenKey()
    {
        var outside = Create("a");
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var inside = ((PostgreSqlJobStorage)Storage).InTransaction(transaction);

        Assert.Equal(outside.Id, Create("a", "mail", storage: inside).Holder);
        var free = Create(null, "mail", storage: inside);
        await transaction.CommitAsync(Token);

        Assert.Null(free.Holder);
        Assert.Equal(free.Id, Create(null, "mail").Holder);
    }
}
