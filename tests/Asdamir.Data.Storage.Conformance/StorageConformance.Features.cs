using Hangfire.Logging;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    public static TheoryData<string> KnownFeatures =>
    [
        Features.JobQueueProperty, Features.ExtendedApi,
        Features.Connection.GetUtcDateTime, Features.Connection.GetSetContains, Features.Connection.LimitedGetSetCount,
        Features.Connection.BatchedGetFirstByLowest,
        Features.Transaction.AcquireDistributedLock, Features.Transaction.CreateJob, Features.Transaction.SetJobParameter,
        Features.Monitoring.DeletedStateGraphs, Features.Monitoring.AwaitingJobs,
    ];

    [Theory]
    [MemberData(nameof(KnownFeatures))]
    public void HasFeature_SaysWhatIsDeclared(string feature)
    {
        Assert.Equal(Announces(feature), Storage.HasFeature(feature));
    }

    [Fact]
    public void HasFeature_DeniesWhatItDoesNotKnow()
    {
        Assert.False(Storage.HasFeature("Connection.Levitation"));
        Assert.Throws<ArgumentNullException>(() => Storage.HasFeature(null!));
    }

    [Fact]
    public void Declarations_AllSayWhy()
    {
        Assert.All([.. Differences.Values, .. MissingFeatures.Values, .. UnannouncedFeatures.Values], Assert.NotEmpty);
        Assert.All(MissingFeatures.Keys.Concat(UnannouncedFeatures.Keys), feature =>
            Assert.Contains(feature, KnownFeatures.Select(row => row.Data).Append(TransactionalAcknowledge)));
    }

    [Fact]
    public void GetReadOnlyConnection_Reads()
    {
        var id = CreateJob("read");

        using var connection = Storage.GetReadOnlyConnection();

        Assert.Equal(["read"], connection.GetJobData(id).Job.Args);
    }

    [Fact]
    public void Storage_DescribesItselfWithoutSecrets()
    {
        var log = new ListLog();

        Storage.WriteOptionsToLog(log);

        Assert.NotEqual(Storage.GetType().ToString(), Storage.ToString());
        Assert.All(log.Lines.Append($"{Storage}"), line => Assert.DoesNotContain("Password", line, StringComparison.OrdinalIgnoreCase));
    }

    private sealed class ListLog : ILog
    {
        public List<string> Lines { get; } = [];

        public bool Log(LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
        {
            if (messageFunc is not null)
                Lines.Add(messageFunc());
            return true;
        }
    }
}
