using Hangfire.States;
using Hangfire.Storage;
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

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task JobReplacedInACallersTransaction_IsReplacedExactlyWhenThatCommits(bool commit, bool isDelayed)
    {
        var delay = TimeSpan.FromHours(1);
        var first = Replace("a", "old", isDelayed ? new ScheduledState(delay) : new EnqueuedState());
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var inside = ((PostgreSqlJobStorage)Storage).InTransaction(transaction);

        Assert.True(Replace("a", "new", idempotency: "call", storage: inside).HasReplaced);
        Assert.True(Replace("a", "newest", idempotency: "other", storage: inside).HasReplaced);
        Assert.Equal("old", TextOf(first.Id));
        if (commit)
            await transaction.CommitAsync(Token);
        else
            await transaction.RollbackAsync(Token);

        Assert.Equal(commit ? "newest" : "old", TextOf(first.Id));
        Assert.Equal(commit || !isDelayed ? 1 : 0, Waiting);
        Assert.Equal(commit ? 0 : isDelayed ? 1 : 0, Storage.GetMonitoringApi().ScheduledCount());
        Assert.Equal(commit ? first.Id : null, Create(null, "call").Holder);
    }

    [Fact]
    public async Task JobThatIsBeingReplacedInATransaction_BeginsAfterIt_WithTheNewArguments()
    {
        var first = Replace("a", "old");
        await using var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        Assert.True(Replace("a", "new", storage: ((PostgreSqlJobStorage)Storage).InTransaction(transaction)).HasReplaced);
        using var worker = (JobStorageConnection)Storage.GetConnection();
        var fetching = Task.Run(() => Fetch(worker), Token);
        // It is claimed before the one behind it, if it can be.
        var other = Create("b");
        using var passed = await fetching.WaitAsync(Until.Limit, Token);
        Assert.Equal(other.Id, passed.JobId);

        await transaction.CommitAsync(Token);

        using var next = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(next);
        Assert.Equal((first.Id, "new"), (fetched.JobId, (string)next.GetJobData(first.Id).Job.Args[0]));
    }
}
