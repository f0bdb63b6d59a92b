using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void GetStateData_ReadsNameReasonAndData()
    {
        var id = CreateJob(
            new SampleState("Sample", "because of 'it' – 日本語", new() { ["A"] = "1", ["b"] = "", ["Long"] = new string('x', 20_000) }));

        var state = Connection.GetStateData(id);

        Assert.Equal("Sample", state.Name);
        Assert.Equal("because of 'it' – 日本語", state.Reason);
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1", ["b"] = "", ["Long"] = new string('x', 20_000) }, state.Data);
    }

    [Fact]
    public void GetStateData_ReadsNoReason_WhenThereIsNone()
    {
        var state = Connection.GetStateData(CreateJob(new SampleState("Sample", null, [])));

        Assert.Null(state.Reason);
        Assert.Empty(state.Data);
    }

    [Fact]
    public void GetStateData_ReadsNoData_WhenTheStateHasNone()
    {
        Assert.Empty(Connection.GetStateData(CreateJob(new SampleState("Sample", null, null))).Data);
    }

    [Fact]
    public void SetJobState_KeepsTheCharacterZero() => AssertKeepsHostileText("before\0after");

    // No theory: an attribute cannot hold the text.
    [Fact]
    public void SetJobState_KeepsHalfASurrogatePair() => AssertKeepsHostileText("before\uD83Dafter");

    [Fact]
    public void GetStateData_ReturnsNull_WhenTheJobHasNoState()
    {
        Assert.Null(Connection.GetStateData(CreateJob()));
    }

    [Fact]
    public void SetJobState_ReplacesTheState()
    {
        var id = CreateJob(new EnqueuedState(Queue));

        Commit(transaction => transaction.SetJobState(id, Processing("server")));

        Assert.Equal(ProcessingState.StateName, Connection.GetStateData(id).Name);
        Assert.Equal("server", Connection.GetStateData(id).Data["ServerId"]);
        Assert.Equal(ProcessingState.StateName, Connection.GetJobData(id).State);
    }

    [Fact]
    public void SetJobState_TakesTheLast_WhenATransactionSetsSeveral()
    {
        var id = CreateJob();

        Commit(transaction =>
        {
            transaction.SetJobState(id, new SampleState("First", null, []));
            transaction.SetJobState(id, new SampleState("Second", null, []));
            transaction.AddJobState(id, new SampleState("Aside", null, []));
            transaction.SetJobState(id, new SampleState("Third", null, []));
        });

        Assert.Equal("Third", Connection.GetStateData(id).Name);
        Assert.Equal(["Third", "Aside", "Second", "First"], Monitoring.JobDetails(id).History.Select(state => state.StateName));
    }

    [Fact]
    public void SetJobState_KeepsJobsApart()
    {
        var others = CreateJob(new EnqueuedState(Queue));

        CreateJob(new DeletedState());

        Assert.Equal(EnqueuedState.StateName, Connection.GetStateData(others).Name);
        Assert.Single(Monitoring.JobDetails(others).History);
    }

    [Fact]
    public void AddJobState_GoesIntoTheHistoryOnly()
    {
        var id = CreateJob(new EnqueuedState(Queue));

        Commit(transaction => transaction.AddJobState(id, new FailedState(new InvalidOperationException("no")) { Reason = "aside" }));

        Assert.Equal(EnqueuedState.StateName, Connection.GetStateData(id).Name);
        Assert.Equal(EnqueuedState.StateName, Connection.GetJobData(id).State);
        Assert.Equal([FailedState.StateName, EnqueuedState.StateName], Monitoring.JobDetails(id).History.Select(state => state.StateName));
    }

    [Fact]
    public void AddJobState_LeavesTheJobWithoutState_WhenItHadNone()
    {
        var id = CreateJob();

        Commit(transaction => transaction.AddJobState(id, new SampleState("Aside", null, [])));

        Assert.Null(Connection.GetStateData(id));
        Assert.Null(Connection.GetJobData(id).State);
        Assert.Single(Monitoring.JobDetails(id).History);
    }

    [Fact]
    public void States_DoNothing_WhenTheJobIsUnknown()
    {
        AssertIgnoresUnknownJob(() => Commit(transaction => transaction.SetJobState("9223372036854775806", new DeletedState())));
        AssertIgnoresUnknownJob(() => Commit(transaction => transaction.AddJobState("9223372036854775806", new DeletedState())));
    }

    [Fact]
    public void History_KeepsEveryState_NewestFirst()
    {
        var id = CreateJob();
        string[] names = [.. Enumerable.Range(0, 30).Select(number => $"State{number}")];

        foreach (var name in names)
            Commit(transaction => transaction.SetJobState(id, new SampleState(name, $"reason of {name}", new() { ["Name"] = name })));

        var history = Monitoring.JobDetails(id).History;
        Assert.Equal(names.Reverse(), history.Select(state => state.StateName));
        Assert.All(history, state =>
        {
            Assert.Equal($"reason of {state.StateName}", state.Reason);
            Assert.Equal(state.StateName, state.Data["Name"]);
            Assert.Equal(DateTimeKind.Utc, state.CreatedAt.Kind);
            AssertNow(state.CreatedAt);
        });
    }

    [Fact]
    public async Task History_KeepsAll_WhenManyThreadsSetStatesWithoutALock()
    {
        var id = CreateJob();
        var connections = Enumerable.Range(0, 8).Select(_ => Connect()).ToArray();

        await OnThreadsAsync(8, thread =>
        {
            for (var i = 0; i < 4; i++)
                Commit(connections[thread], transaction => transaction.SetJobState(id, new SampleState($"{thread}-{i}", null, [])));
        });

        Assert.Equal(32, StatesOf(id).Distinct().Count());
        Assert.Contains(Connection.GetJobData(id).State, StatesOf(id));
    }

    [Fact]
    public void StateData_IsKept_WhenAValueIsNull()
    {
        var data = new Dictionary<string, string> { ["A"] = "1", ["B"] = null!, ["C"] = "" };
        var id = CreateJob(new SampleState("Sample", null, data));

        Assert.Equal(data, Connection.GetStateData(id).Data);
        Assert.Equal(data, Monitoring.JobDetails(id).History.Single().Data);
    }

    private void AssertKeepsHostileText(string text)
    {
        var id = CreateJob(new EnqueuedState(Queue));

        var thrown = Record.Exception(
            () => Commit(transaction => transaction.SetJobState(id, new SampleState("Sample", text, new() { ["Text"] = text }))));

        if (Differs(Difference.HostileTextsAreRefused))
        {
            Assert.NotNull(thrown);
            Assert.Equal(EnqueuedState.StateName, Connection.GetStateData(id).Name);
            return;
        }
        Assert.Null(thrown);
        var kept = Differs(Difference.HostileTextsAreReplaced) ? "before\uFFFDafter" : text;
        Assert.Equal(kept, Connection.GetStateData(id).Reason);
        Assert.Equal(kept, Connection.GetStateData(id).Data["Text"]);
    }

    /// <summary>As a worker writes it; Hangfire keeps the constructor to itself.</summary>
    private static SampleState Processing(string serverId) => new(
        ProcessingState.StateName,
        null,
        new() { ["StartedAt"] = JobHelper.SerializeDateTime(DateTime.UtcNow), ["ServerId"] = serverId, ["WorkerId"] = "worker" });

    private sealed class SampleState(string name, string? reason, Dictionary<string, string>? data) : IState
    {
        public string Name => name;

        public string? Reason => reason;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string>? SerializeData() => data;
    }
}
