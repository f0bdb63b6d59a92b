using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void CreateExpiredJob_ReturnsAnotherPositiveNumberEachTime()
    {
        string[] ids = [CreateJob(), CreateJob(), CreateJob()];

        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id =>
            Assert.True(
                long.TryParse(id, out var number) && number > 0 && number.ToString(System.Globalization.CultureInfo.InvariantCulture) == id,
                id));
    }

    [Fact]
    public async Task CreateExpiredJob_ReturnsUniqueIds_WhenManyThreadsCreate()
    {
        var ids = new System.Collections.Concurrent.ConcurrentBag<string>();
        var connections = Enumerable.Range(0, 8).Select(_ => Connect()).ToArray();

        await OnThreadsAsync(8, thread =>
        {
            for (var i = 0; i < 10; i++)
            {
                ids.Add(
                    connections[thread].CreateExpiredJob(SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, Hour));
            }
        });

        Assert.Equal(80, ids.Distinct().Count());
    }

    [Fact]
    public void CreateExpiredJob_IsKnownToOtherConnectionsAtOnce()
    {
        var other = Connect();
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, Hour);

        other.SetJobParameter(id, "Name", "1");
        Commit(other, transaction => transaction.SetJobState(id, new EnqueuedState(Queue)));

        Assert.Equal("1", Connection.GetJobParameter(id, "Name"));
        Assert.Equal(EnqueuedState.StateName, Connection.GetJobData(id).State);
        Assert.Equal(["x"], other.GetJobData(id).Job.Args);
    }

    [Fact]
    public void GetJobData_ReadsMethodArgumentsAndNoState_WhenJustCreated()
    {
        var time = new DateTime(2026, 3, 29, 2, 30, 0, 123, DateTimeKind.Utc);
        var id = Connection.CreateExpiredJob(SampleJobs.Several(-7, time, null), new Dictionary<string, string>(), DateTime.UtcNow, Hour);

        var data = Connection.GetJobData(id);

        Assert.Equal(typeof(SampleJobs), data.Job.Type);
        Assert.Equal(nameof(SampleJobs.TakeSeveral), data.Job.Method.Name);
        Assert.Equal([-7, time, null], data.Job.Args);
        Assert.Null(data.Job.Queue);
        Assert.Null(data.State);
        Assert.Null(data.LoadException);
        data.EnsureLoaded();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Zażółć gęślą jaźń – 日本語 🚀 \U0001F468‍👩‍👧")]
    [InlineData("'; drop table job; -- \" \\ \n\t {0} @Id $1 :name ?")]
    public void GetJobData_ReadsTextsAsTheyWere(string text)
    {
        Assert.Equal([text], Connection.GetJobData(CreateJob(text)).Job.Args);
    }

    [Fact]
    public void GetJobData_ReadsALargeArgument()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789abcdef", 16 * 1024));

        Assert.Equal([text], Connection.GetJobData(CreateJob(text)).Job.Args);
    }

    [Fact]
    public void GetJobData_ReadsTheTimeOfCreationInUtc()
    {
        var createdAt = new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x"), new Dictionary<string, string>(), createdAt, TimeSpan.FromDays(3650));

        var read = Connection.GetJobData(id).CreatedAt;

        Assert.Equal(DateTimeKind.Utc, read.Kind);
        if (Differs(Difference.CreationTimeIsItsOwn))
            AssertNow(read);
        else
            Assert.Equal(createdAt, read, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void GetJobData_ReadsTheQueueOfTheJob()
    {
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x", "crm"), new Dictionary<string, string>(), DateTime.UtcNow, Hour);

        Assert.Equal("crm", Connection.GetJobData(id).Job.Queue);
    }

    [Fact]
    public void GetJobData_ReadsTheCurrentState()
    {
        Assert.Equal(ScheduledState.StateName, Connection.GetJobData(CreateJob(new ScheduledState(Hour))).State);
    }

    [Fact]
    public void GetJobData_ReadsInvocationDataAndParameters()
    {
        var id = Connection.CreateExpiredJob(
            SampleJobs.Text("x", "crm"), new Dictionary<string, string> { ["Culture"] = "tr-TR" }, DateTime.UtcNow, Hour);
        Connection.SetJobParameter(id, "RetryCount", "1");

        var data = Connection.GetJobData(id);

        if (Differs(Difference.JobsAreReadWithoutDetails))
        {
            Assert.Null(data.InvocationData);
            Assert.Null(data.ParametersSnapshot);
            return;
        }
        Assert.Equal(nameof(SampleJobs.Take), data.InvocationData.Method);
        Assert.Equal("crm", data.InvocationData.Queue);
        Assert.Equal(["x"], data.InvocationData.DeserializeJob().Args);
        Assert.Equal(new Dictionary<string, string> { ["Culture"] = "tr-TR", ["RetryCount"] = "1" }, data.ParametersSnapshot);
    }

    [Fact]
    public void GetJobData_ReadsWhyAJobCannotBeLoaded_WhenItsClassIsUnknown()
    {
        var id = Connection.CreateExpiredJob(SampleJobs.OfUnknownClass(), new Dictionary<string, string>(), DateTime.UtcNow, Hour);

        var data = Connection.GetJobData(id);

        Assert.Null(data.Job);
        Assert.NotNull(data.LoadException);
        Assert.Throws<JobLoadException>(data.EnsureLoaded);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    public void Reads_FindNothing_WhenTheJobIsUnknown(string id)
    {
        Assert.Null(Connection.GetJobData(id));
        Assert.Null(Connection.GetStateData(id));
        Assert.Null(Connection.GetJobParameter(id, "Culture"));
        Assert.Null(Monitoring.JobDetails(id));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301")]
    public void Reads_FindNothing_WhenTheIdIsIllFormed(string id)
    {
        Func<object?>[] reads =
        [
            () => Connection.GetJobData(id), () => Connection.GetStateData(id), () => Connection.GetJobParameter(id, "Culture"),
            () => Monitoring.JobDetails(id),
        ];

        Assert.All(reads, read => AssertIgnoresIllFormedId(() => Assert.Null(read())));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public void Writes_DoNothing_WhenTheIdIsIllFormed(string id)
    {
        Action<JobStorageTransaction>[] writes =
        [
            t => t.ExpireJob(id, Hour), t => t.PersistJob(id), t => t.SetJobState(id, new DeletedState()),
            t => t.AddJobState(id, new DeletedState()),
            t => t.AddToQueue(Queue, id),
        ];

        Assert.All(writes, write => AssertIgnoresIllFormedId(() => Commit(write)));
        AssertIgnoresIllFormedId(() => Connection.SetJobParameter(id, "Culture", "tr-TR"));
        AssertQueueIsEmpty(Queue);
    }

    [Fact]
    public void TransactionCreateJob_IsSeenFromTheCommitOn()
    {
        var transaction = Begin();
        if (Lacks(Features.Transaction.CreateJob, () =>
            transaction.CreateJob(SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, Hour)))
        {
            return;
        }
        var id = transaction.CreateJob(
            SampleJobs.Text("x", "crm"), new Dictionary<string, string> { ["Culture"] = "tr-TR" }, DateTime.UtcNow, Hour);
        transaction.SetJobState(id, new EnqueuedState(Queue) { Reason = "new" });
        transaction.AddToQueue(Queue, id);
        Assert.Null(Connection.GetJobData(id));

        transaction.Commit();

        var data = Connection.GetJobData(id);
        Assert.Equal(["x"], data.Job.Args);
        Assert.Equal("crm", data.Job.Queue);
        Assert.Equal(EnqueuedState.StateName, data.State);
        AssertNow(data.CreatedAt);
        AssertNow(Monitoring.JobDetails(id).ExpireAt, Hour);
        Assert.Equal("tr-TR", Connection.GetJobParameter(id, "Culture"));
        Assert.Equal(id, FetchAndRemove(Queue));
    }

    [Fact]
    public void TransactionCreateJob_LeavesNothing_WhenNotCommitted()
    {
        string id;
        using (var transaction = (JobStorageTransaction)Connection.CreateWriteTransaction())
        {
            if (Lacks(Features.Transaction.CreateJob, () =>
                transaction.CreateJob(SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, Hour)))
            {
                return;
            }
            id = transaction.CreateJob(
                SampleJobs.Text("x"), new Dictionary<string, string> { ["Culture"] = "tr-TR" }, DateTime.UtcNow, Hour);
            transaction.AddToQueue(Queue, id);
        }

        Assert.Null(Connection.GetJobData(id));
        Assert.Null(Connection.GetJobParameter(id, "Culture"));
        AssertQueueIsEmpty(Queue);
    }

    private void AssertIgnoresIllFormedId(Action action)
    {
        var thrown = Record.Exception(action);
        if (Differs(Difference.IllFormedIdsThrow))
            Assert.True(thrown is FormatException or OverflowException, $"{thrown}");
        else
            Assert.Null(thrown);
    }
}
