using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Sql;

[NeedsPostgreSql]
public sealed class InvocationOnPostgreSql() : InvocationTests(static place => OnPostgreSql(place))
{
    // As after a failover to a standby that did not have it yet.
    [Fact]
    public void Invocation_IsWrittenAgain_WhenTheServerHasLostIt()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        Rows.Execute("DELETE FROM {s}invocation");

        var id = Client.Create(SampleJobs.Text("y"), new EnqueuedState());

        Assert.Equal(["y"], Storage.GetMonitoringApi().JobDetails(id).Job.Args);
        Assert.Equal(1, Rows.Count("{s}invocation"));
    }

    [Fact]
    public async Task Invocation_Stays_AndNoOtherCommitWaitsForIt_WhenTheTransactionOfTheCallerIsRolledBack()
    {
        await using var connection = new Npgsql.NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            var inside = ((PostgreSqlJobStorage)Storage).InTransaction(transaction);
            new BackgroundJobClient(inside, NoFilters).Create(SampleJobs.Text("x"), new EnqueuedState());

            using var other = OpenAnother();
            new BackgroundJobClient(other, NoFilters).Create(SampleJobs.Text("y"), new EnqueuedState());

            Assert.Equal((1, 1), (Rows.Count("{s}job"), Rows.Count("{s}invocation")));
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        var id = Client.Create(SampleJobs.Text("z"), new EnqueuedState());

        Assert.Equal(["z"], Storage.GetMonitoringApi().JobDetails(id).Job.Args);
        Assert.Equal((2, 1), (Rows.Count("{s}job"), Rows.Count("{s}invocation")));
    }
}

public sealed class InvocationOnSqlite() : InvocationTests(static place => OnSqlite(place));

/// <summary>Type, method and parameter types are stored once for all jobs that have them.</summary>
public abstract class InvocationTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void Jobs_ShareIt_AlsoThoseOfAnotherProcess()
    {
        var first = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var other = OpenAnother();
        var second = new BackgroundJobClient(other, NoFilters).Create(SampleJobs.Text("y"), new EnqueuedState());
        var third = Client.Create(() => Console.WriteLine("z"), new EnqueuedState());

        Assert.Equal(2, Rows.Count("{s}invocation"));
        Assert.Equal(
            ["x", "y", "z"],
            new[] { first, second, third }.Select(id => (string)Storage.GetMonitoringApi().JobDetails(id).Job.Args[0]));
    }

    [Fact]
    public void Id_FollowsFromEachPart()
    {
        JobCall[] all =
        [
            new("a", "b", "c", "", null), new("x", "b", "c", "", null), new("a", "x", "c", "", null), new("a", "b", "x", "", null),
            new("ab", "", "c", "", null),
        ];

        Assert.Equal(5, all.Select(InvocationTable.IdOf).Distinct().Count());
        Assert.Equal(InvocationTable.IdOf(all[0]), InvocationTable.IdOf(new JobCall("a", "b", "c", "other", "crm")));
    }
}
