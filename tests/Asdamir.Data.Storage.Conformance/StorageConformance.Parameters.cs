using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void GetJobParameter_ReadsWhatTheJobWasCreatedWith()
    {
        var parameters = new Dictionary<string, string> { ["Culture"] = "tr-TR", ["UICulture"] = "de-DE", ["Empty"] = "" };
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x"), parameters, DateTime.UtcNow, Hour);

        Assert.All(parameters, parameter => Assert.Equal(parameter.Value, Connection.GetJobParameter(id, parameter.Key)));
        Assert.Equal(parameters, Monitoring.JobDetails(id).Properties);
    }

    [Fact]
    public void SetJobParameter_AddsAndReplaces()
    {
        var id = CreateJob();
        var longName = new string('n', 200);
        var longValue = new string('ş', 10_000);

        Connection.SetJobParameter(id, "Name", "1");
        Connection.SetJobParameter(id, "Name", "2");
        Connection.SetJobParameter(id, "name", "3");
        Connection.SetJobParameter(id, longName, longValue);

        Assert.Equal("2", Connection.GetJobParameter(id, "Name"));
        Assert.Equal("3", Connection.GetJobParameter(id, "name"));
        Assert.Equal(longValue, Connection.GetJobParameter(id, longName));
    }

    [Fact]
    public void SetJobParameter_IsKept_WhenTheConnectionEndsAndAJobItCreatedHasNoState()
    {
        var id = CreateJob();
        using (var connection = Storage.GetConnection())
        {
            connection.CreateExpiredJob(SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, Hour);
            using (connection.AcquireDistributedLock($"job:{id}:state-lock", Hour))
                connection.SetJobParameter(id, "Name", "1");
        }

        Assert.Equal("1", Connection.GetJobParameter(id, "Name"));
    }

    [Fact]
    public void SetJobParameter_KeepsJobsApart()
    {
        string[] ids = [CreateJob(), CreateJob()];

        Connection.SetJobParameter(ids[0], "Name", "1");

        Assert.Null(Connection.GetJobParameter(ids[1], "Name"));
    }

    [Fact]
    public void SetJobParameter_TakesNullAsTheValue()
    {
        var id = CreateJob();
        Connection.SetJobParameter(id, "Name", "1");

        Connection.SetJobParameter(id, "Name", null);

        Assert.Null(Connection.GetJobParameter(id, "Name"));
    }

    [Fact]
    public void Parameter_IsKept_WhenItsValueIsNull()
    {
        var parameters = new Dictionary<string, string?> { ["A"] = "1", ["B"] = null, ["C"] = "3" };
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x"), parameters!, DateTime.UtcNow, Hour);
        Connection.SetJobParameter(id, "A", null);
        if (!Lacks(Features.Transaction.SetJobParameter))
            Commit(transaction => transaction.SetJobParameter(id, "C", null));
        else
            Connection.SetJobParameter(id, "C", null);
        Connection.SetJobParameter(id, "D", null);
        Connection.SetJobParameter(id, "B", "2");

        var expected = new Dictionary<string, string?> { ["A"] = null, ["B"] = "2", ["C"] = null, ["D"] = null };
        Assert.Equal(
            expected, Monitoring.JobDetails(id).Properties.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value));
        if (!Differs(Difference.JobsAreReadWithoutDetails))
        {
            Assert.Equal(
                expected,
                Connection.GetJobData(id).ParametersSnapshot.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value));
        }
        Assert.Null(Connection.GetJobParameter(id, "A"));
    }

    // Attributes cannot hold half a surrogate pair.
    [Fact]
    public void Parameter_IsFoundByItsName_WhenThatHoldsTheCharacterZero() => AssertIsFoundByItsName("before\0after");

    [Fact]
    public void Parameter_IsFoundByItsName_WhenThatHoldsHalfASurrogatePair() => AssertIsFoundByItsName("before\ud83dafter");

    private void AssertIsFoundByItsName(string name)
    {
        if (Differs(Difference.HostileTextsAreRefused))
        {
            var job = CreateJob();
            Assert.NotNull(Record.Exception(() => Connection.SetJobParameter(job, name, "1")));
            return;
        }
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x"), new Dictionary<string, string> { [name] = name }, DateTime.UtcNow, Hour);
        var kept = Differs(Difference.HostileTextsAreReplaced) ? "before\ufffdafter" : name;
        Assert.Equal(kept, Connection.GetJobParameter(id, name));
        Assert.Equal([kept], Monitoring.JobDetails(id).Properties.Keys);

        Connection.SetJobParameter(id, name, "2");

        Assert.Equal("2", Connection.GetJobParameter(id, name));
        Assert.Single(Monitoring.JobDetails(id).Properties);
    }

    [Fact]
    public void GetJobData_ReadsTheParametersOfNow_UnderALock()
    {
        var id = CreateJob();
        using var held = Connection.AcquireDistributedLock($"job:{id}:state-lock", Long);
        Connection.GetJobData(id);

        Connect().SetJobParameter(id, "Name", "1");

        Assert.Equal("1", Connection.GetJobParameter(id, "Name"));
        if (!Differs(Difference.JobsAreReadWithoutDetails))
            Assert.Equal("1", Connection.GetJobData(id).ParametersSnapshot["Name"]);
    }

    [Fact]
    public void GetJobParameter_ReturnsNull_WhenTheJobHasNoneOfThatName()
    {
        Assert.Null(Connection.GetJobParameter(CreateJob(), "Name"));
    }

    [Fact]
    public void SetJobParameter_DoesNothing_WhenTheJobIsUnknown()
    {
        AssertIgnoresUnknownJob(() => Connection.SetJobParameter("9223372036854775806", "Name", "1"));

        Assert.Null(Connection.GetJobParameter("9223372036854775806", "Name"));
    }

    [Fact]
    public async Task SetJobParameter_KeepsAll_WhenManyThreadsSetDifferentOnes()
    {
        var id = CreateJob();
        var connections = Enumerable.Range(0, 8).Select(_ => Connect()).ToArray();

        await OnThreadsAsync(8, thread =>
        {
            for (var i = 0; i < 5; i++)
                connections[thread].SetJobParameter(id, $"{thread}-{i}", $"{i}");
        });

        Assert.Equal(40, Monitoring.JobDetails(id).Properties.Count);
    }

    [Fact]
    public void TransactionSetJobParameter_IsSeenFromTheCommitOn()
    {
        var id = CreateJob();
        Connection.SetJobParameter(id, "Name", "1");
        var transaction = Begin();
        if (Lacks(Features.Transaction.SetJobParameter, () => transaction.SetJobParameter(id, "Name", "2")))
            return;
        transaction.SetJobParameter(id, "Name", "2");
        transaction.SetJobParameter(id, "Name", "3");
        transaction.SetJobParameter(id, "Other", null);
        transaction.SetJobParameter("9223372036854775806", "Name", "4");
        Assert.Equal("1", Connection.GetJobParameter(id, "Name"));

        transaction.Commit();

        Assert.Equal("3", Connection.GetJobParameter(id, "Name"));
        Assert.Null(Connection.GetJobParameter(id, "Other"));
    }

    private void AssertIgnoresUnknownJob(Action action)
    {
        var thrown = Record.Exception(action);
        if (Differs(Difference.WritesToUnknownJobsThrow))
            Assert.IsType<System.Data.Common.DbException>(thrown, exactMatch: false);
        else
            Assert.Null(thrown);
    }
}
