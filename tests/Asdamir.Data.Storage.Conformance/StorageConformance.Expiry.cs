using Hangfire.States;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void CreateExpiredJob_ExpiresTheJob()
    {
        var id = Connection.CreateExpiredJob(
            SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(7));

        AssertNow(Monitoring.JobDetails(id).ExpireAt, TimeSpan.FromHours(7));
    }

    [Fact]
    public void ExpireJob_SetsTheTime()
    {
        var id = CreateJob();

        Commit(transaction => transaction.ExpireJob(id, TimeSpan.FromDays(40)));
        AssertNow(Monitoring.JobDetails(id).ExpireAt, TimeSpan.FromDays(40));

        Commit(transaction => transaction.ExpireJob(id, TimeSpan.FromMinutes(3)));
        AssertNow(Monitoring.JobDetails(id).ExpireAt, TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void PersistJob_ClearsTheTime()
    {
        var id = CreateJob();

        Commit(transaction => transaction.PersistJob(id));

        Assert.Null(Monitoring.JobDetails(id).ExpireAt);
        Assert.NotNull(Connection.GetJobData(id));
    }

    [Fact]
    public void ExpireJob_TakesTheLast_WhenATransactionExpiresAndPersists()
    {
        string[] ids = [CreateJob(), CreateJob()];

        Commit(transaction =>
        {
            transaction.ExpireJob(ids[0], TimeSpan.FromDays(1));
            transaction.PersistJob(ids[0]);
            transaction.PersistJob(ids[1]);
            transaction.ExpireJob(ids[1], TimeSpan.FromDays(1));
        });

        Assert.Null(Monitoring.JobDetails(ids[0]).ExpireAt);
        AssertNow(Monitoring.JobDetails(ids[1]).ExpireAt, TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Succeeded")]
    [InlineData("Enqueued")]
    public void SetJobState_LeavesTheExpiryToTheLastWordAboutIt(string name)
    {
        var state = new SampleState(name, null, []);
        string[] ids = [CreateJob(), CreateJob(), CreateJob(), CreateJob()];

        Commit(transaction =>
        {
            transaction.SetJobState(ids[0], state);
            transaction.ExpireJob(ids[0], TimeSpan.FromDays(7));
            transaction.ExpireJob(ids[1], TimeSpan.FromDays(7));
            transaction.SetJobState(ids[1], state);
            transaction.ExpireJob(ids[2], TimeSpan.FromDays(7));
            transaction.SetJobState(ids[2], state);
            transaction.PersistJob(ids[2]);
            transaction.SetJobState(ids[3], state);
        });

        AssertNow(Monitoring.JobDetails(ids[0]).ExpireAt, TimeSpan.FromDays(7));
        AssertNow(Monitoring.JobDetails(ids[1]).ExpireAt, TimeSpan.FromDays(7));
        Assert.Null(Monitoring.JobDetails(ids[2]).ExpireAt);
        AssertNow(Monitoring.JobDetails(ids[3]).ExpireAt, Hour);
    }

    [Fact]
    public void ExpireAndPersistJob_DoNothing_WhenTheJobIsUnknown()
    {
        Commit(transaction =>
        {
            transaction.ExpireJob("9223372036854775806", Hour);
            transaction.PersistJob("9223372036854775806");
        });
    }

    [Fact]
    public async Task WhatHasExpired_IsRemoved_AndNothingElse_WhileAServerRuns()
    {
        var soon = TimeSpan.FromSeconds(1);
        string[] expiring =
        [
            CreateJob(), CreateJob(new DeletedState()),
            Connection.CreateExpiredJob(SampleJobs.Text("x"), new Dictionary<string, string> { ["A"] = "1" }, DateTime.UtcNow, soon)
        ];
        string[] staying = [CreateJob(), CreateJob(new DeletedState()), CreateJob()];
        Commit(transaction =>
        {
            transaction.ExpireJob(expiring[0], soon);
            transaction.ExpireJob(expiring[1], soon);
            transaction.ExpireJob(staying[1], Hour);
            transaction.ExpireJob(staying[2], soon);
            transaction.PersistJob(staying[2]);
            foreach (var (key, expireIn) in new[] { (Key, soon), (OtherKey, Hour) })
            {
                transaction.AddToSet(key, "value", 1);
                transaction.ExpireSet(key, expireIn);
                transaction.InsertToList(key, "value");
                transaction.ExpireList(key, expireIn);
                transaction.SetRangeInHash(key, [new("field", "value")]);
                transaction.ExpireHash(key, expireIn);
                transaction.IncrementCounter(key, expireIn);
            }
        });

        StartServer(Queue);

        await Until.TrueAsync(
            () => Array.TrueForAll(expiring, id => Connection.GetJobData(id) is null) && Connection.GetAllItemsFromSet(Key).Count == 0
                && Connection.GetAllItemsFromList(Key).Count == 0 && Connection.GetAllEntriesFromHash(Key) is null
                && Connection.GetCounter(Key) == 0,
            "everything that expired is gone");
        Assert.Null(Connection.GetJobParameter(expiring[2], "A"));
        Assert.Null(Connection.GetStateData(expiring[1]));
        Assert.All(staying, id => Assert.NotNull(Connection.GetJobData(id)));
        Assert.Equal(["value"], Connection.GetAllItemsFromSet(OtherKey));
        Assert.Equal(["value"], Connection.GetAllItemsFromList(OtherKey));
        Assert.Equal("value", Connection.GetValueFromHash(OtherKey, "field"));
        Assert.Equal(1, Connection.GetCounter(OtherKey));
    }
}
