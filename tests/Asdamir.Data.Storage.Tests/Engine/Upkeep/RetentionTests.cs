using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Engine.Upkeep;

[NeedsPostgreSql]
public sealed class RetentionOnPostgreSql() : RetentionTests(
    static place => OnPostgreSql(place, OfOwner), static place => OnPostgreSql(place));

public sealed class RetentionOnSqlite() : RetentionTests(static place => OnSqlite(place, OfOwner), static place => OnSqlite(place));

public abstract class RetentionTests(Func<Place, SqlJobStorage> open, Func<Place, SqlJobStorage> openOther) : OwnStorageTests(open)
{
    private protected static readonly JobRetention OfOwner = new()
    {
        Succeeded = TimeSpan.FromHours(2), Deleted = TimeSpan.FromHours(3), Failed = TimeSpan.FromHours(4)
    };

    private readonly DateTime _start = DateTime.UtcNow;

    [Fact]
    public void Job_IsKeptAsItsOwnerSays_WhenAnotherProcessDeletesIt()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());

        using (var console = openOther(Place))
            Assert.True(new BackgroundJobClient(console).Delete(id));

        AssertExpires(id, TimeSpan.FromHours(3));
    }

    [Fact]
    public void Job_IsKeptAsItsOwnerSays_WhenItFails_AndForeverOnceItIsRequeued()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        Work("default", new FailedState(new InvalidOperationException("no")));
        AssertExpires(id, TimeSpan.FromHours(4));

        using (var console = openOther(Place))
            Assert.True(new BackgroundJobClient(console).Requeue(id));

        Assert.Null(Storage.GetMonitoringApi().JobDetails(id).ExpireAt);
    }

    [Fact]
    public void Job_IsKeptAsItsWorkerSays_WhenItSucceeds()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());

        Work("default", new SucceededState(null, 1, 1));

        AssertExpires(id, Storage.JobExpirationTimeout);
    }

    [Fact]
    public void FailedJob_IsKeptForever_WhenNoOneSaysOtherwise()
    {
        using var other = openOther(Place);
        var id = new BackgroundJobClient(other, NoFilters)
            .Create(SampleJobs.Text("x"), new FailedState(new InvalidOperationException("no")));

        Assert.Null(other.GetMonitoringApi().JobDetails(id).ExpireAt);
    }

    [Fact]
    public void FailedJob_IsKeptAsItsOwnerSays_WhenItIsCreatedAsFailed()
    {
        var id = Client.Create(SampleJobs.Text("x"), new FailedState(new InvalidOperationException("no")));

        AssertExpires(id, TimeSpan.FromHours(4));
    }

    [Fact]
    public void FailedJob_IsKeptAsItsTransactionSays_WhenThatSaysHowLong()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();

        transaction.SetJobState(id, new FailedState(new InvalidOperationException("no")));
        transaction.ExpireJob(id, TimeSpan.FromDays(7));
        transaction.Commit();

        AssertExpires(id, TimeSpan.FromDays(7));
    }

    private void AssertExpires(string id, TimeSpan after) =>
        Assert.InRange(Storage.GetMonitoringApi().JobDetails(id).ExpireAt!.Value - after, _start, DateTime.UtcNow);
}
