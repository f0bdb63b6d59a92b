using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    private static readonly Dictionary<string, string> NoParameters = [];

    private static readonly (string Call, Action<JobStorageConnection> Run)[] NullsToConnections =
    [
        ("AcquireDistributedLock resource", c => c.AcquireDistributedLock(null!, Hour)),
        ("CreateExpiredJob job", c => c.CreateExpiredJob(null!, NoParameters, DateTime.UtcNow, Hour)),
        ("CreateExpiredJob parameters", c => c.CreateExpiredJob(SampleJobs.Text("x"), null!, DateTime.UtcNow, Hour)),
        ("FetchNextJob queues", c => c.FetchNextJob(null!, CancellationToken.None)),
        ("SetJobParameter id", c => c.SetJobParameter(null!, "name", "value")),
        ("SetJobParameter name", c => c.SetJobParameter("1", null!, "value")),
        ("GetJobParameter id", c => c.GetJobParameter(null!, "name")),
        ("GetJobParameter name", c => c.GetJobParameter("1", null!)),
        ("GetJobData id", c => c.GetJobData(null!)),
        ("GetStateData id", c => c.GetStateData(null!)),
        ("AnnounceServer id", c => c.AnnounceServer(null!, new ServerContext())),
        ("AnnounceServer context", c => c.AnnounceServer("server", null!)),
        ("RemoveServer id", c => c.RemoveServer(null!)),
        ("Heartbeat id", c => c.Heartbeat(null!)),
        ("GetAllItemsFromSet key", c => c.GetAllItemsFromSet(null!)),
        ("GetFirstByLowestScoreFromSet key", c => c.GetFirstByLowestScoreFromSet(null!, 0, 1)),
        ("GetFirstByLowestScoreFromSet key, count", c => c.GetFirstByLowestScoreFromSet(null!, 0, 1, 1)),
        ("GetSetCount key", c => c.GetSetCount((string)null!)),
        ("GetRangeFromSet key", c => c.GetRangeFromSet(null!, 0, 1)),
        ("GetSetTtl key", c => c.GetSetTtl(null!)),
        ("SetRangeInHash key", c => c.SetRangeInHash(null!, [])),
        ("SetRangeInHash pairs", c => c.SetRangeInHash("key", null!)),
        ("GetAllEntriesFromHash key", c => c.GetAllEntriesFromHash(null!)),
        ("GetValueFromHash key", c => c.GetValueFromHash(null!, "name")),
        ("GetValueFromHash name", c => c.GetValueFromHash("key", null!)),
        ("GetHashCount key", c => c.GetHashCount(null!)),
        ("GetHashTtl key", c => c.GetHashTtl(null!)),
        ("GetListCount key", c => c.GetListCount(null!)),
        ("GetAllItemsFromList key", c => c.GetAllItemsFromList(null!)),
        ("GetRangeFromList key", c => c.GetRangeFromList(null!, 0, 1)),
        ("GetListTtl key", c => c.GetListTtl(null!)),
        ("GetCounter key", c => c.GetCounter(null!)),
    ];

    private static readonly (string Call, Action<JobStorageTransaction> Run)[] NullsToTransactions =
    [
        ("AddToQueue queue", t => t.AddToQueue(null!, "1")),
        ("SetRangeInHash key", t => t.SetRangeInHash(null!, [])),
        ("SetRangeInHash pairs", t => t.SetRangeInHash("key", null!)),
        ("RemoveHash key", t => t.RemoveHash(null!)),
        ("ExpireSet key", t => t.ExpireSet(null!, Hour)),
        ("ExpireList key", t => t.ExpireList(null!, Hour)),
        ("ExpireHash key", t => t.ExpireHash(null!, Hour)),
        ("PersistSet key", t => t.PersistSet(null!)),
        ("PersistList key", t => t.PersistList(null!)),
        ("PersistHash key", t => t.PersistHash(null!)),
        ("AddRangeToSet key", t => t.AddRangeToSet(null!, [])),
        ("AddRangeToSet items", t => t.AddRangeToSet("key", null!)),
        ("RemoveSet key", t => t.RemoveSet(null!)),
    ];

    private static readonly (string Call, Action<JobStorageTransaction> Run)[] NullsSomeTransactionsAccept =
    [
        ("ExpireJob id", t => t.ExpireJob(null!, Hour)),
        ("PersistJob id", t => t.PersistJob(null!)),
        ("SetJobState id", t => t.SetJobState(null!, new DeletedState())),
        ("SetJobState state", t => t.SetJobState("1", null!)),
        ("AddJobState id", t => t.AddJobState(null!, new DeletedState())),
        ("AddJobState state", t => t.AddJobState("1", null!)),
        ("AddToQueue id", t => t.AddToQueue("queue", null!)),
        ("IncrementCounter key", t => t.IncrementCounter(null!)),
        ("IncrementCounter key, expiry", t => t.IncrementCounter(null!, Hour)),
        ("DecrementCounter key", t => t.DecrementCounter(null!)),
        ("DecrementCounter key, expiry", t => t.DecrementCounter(null!, Hour)),
        ("AddToSet key", t => t.AddToSet(null!, "value")),
        ("AddToSet value", t => t.AddToSet("key", null!)),
        ("AddToSet key, score", t => t.AddToSet(null!, "value", 1)),
        ("AddToSet value, score", t => t.AddToSet("key", null!, 1)),
        ("RemoveFromSet key", t => t.RemoveFromSet(null!, "value")),
        ("RemoveFromSet value", t => t.RemoveFromSet("key", null!)),
        ("InsertToList key", t => t.InsertToList(null!, "value")),
        ("InsertToList value", t => t.InsertToList("key", null!)),
        ("RemoveFromList key", t => t.RemoveFromList(null!, "value")),
        ("RemoveFromList value", t => t.RemoveFromList("key", null!)),
        ("TrimList key", t => t.TrimList(null!, 0, 1)),
    ];

    public static TheoryData<string> NullArgumentsOfConnections => [.. NullsToConnections.Select(call => call.Call)];

    public static TheoryData<string> NullArgumentsOfTransactions =>
        [.. NullsToTransactions.Concat(NullsSomeTransactionsAccept).Select(call => call.Call)];

    [Theory]
    [MemberData(nameof(NullArgumentsOfConnections))]
    public void Connection_RefusesNull(string call)
    {
        Assert.Throws<ArgumentNullException>(() => Array.Find(NullsToConnections, candidate => candidate.Call == call).Run(Connection));
    }

    [Theory]
    [MemberData(nameof(NullArgumentsOfTransactions))]
    public void Transaction_RefusesNull(string call)
    {
        var (_, write) = NullsToTransactions.Concat(NullsSomeTransactionsAccept).Single(candidate => candidate.Call == call);

        var thrown = Record.Exception(() => write(Begin()));

        if (Differs(Difference.TransactionsAcceptNull) && Array.Exists(NullsSomeTransactionsAccept, candidate => candidate.Call == call))
            Assert.Null(thrown);
        else
            Assert.IsType<ArgumentNullException>(thrown);
    }

    [Fact]
    public void FetchNextJob_RefusesNoQueues()
    {
        Assert.ThrowsAny<ArgumentException>(() => Connection.FetchNextJob([], CancellationToken.None));
    }

    [Fact]
    public void FetchNextJob_RefusesANullAmongTheQueues()
    {
        Assert.ThrowsAny<ArgumentException>(() => Connection.FetchNextJob([Queue, null!], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void State_IsRefused_WhenItHasNoName()
    {
        var id = CreateJob();

        var thrown = Record.Exception(() => Begin().SetJobState(id, new SampleState(null!, null, [])));

        if (Differs(Difference.TransactionsAcceptNull))
            Assert.Null(thrown);
        else
            Assert.IsType<ArgumentException>(thrown, exactMatch: false);
    }
}
