using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class JobMetadataOnPostgreSql() : JobMetadataTests(static place => OnPostgreSql(place));

public sealed class JobMetadataOnSqlite() : JobMetadataTests(static place => OnSqlite(place));

public abstract class JobMetadataTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void WriteNotes_ReplacesThoseOfTheSameName_AndKeepsTheOthers()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());

        Storage.WriteMetadata(id, new Dictionary<string, string> { ["Progress"] = "10", ["Log.0"] = "first" });
        Storage.WriteMetadata(id, new Dictionary<string, string> { ["Progress"] = "20\0" });

        Assert.Equal(new Dictionary<string, string> { ["Progress"] = "20\ufffd", ["Log.0"] = "first" }, Storage.ReadMetadata(id));
    }

    [Fact]
    public void WriteNotes_KeepsThemApart_WhenACultureCallsTheirNamesEqual()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        var notes = new Dictionary<string, string>
        {
            ["a"] = "1", ["a\u00ad"] = "2", ["a\u200b"] = "3", ["\u00e9"] = "4", ["e\u0301"] = "5"
        };

        Storage.WriteMetadata(id, notes);

        Assert.Equal(notes, Storage.ReadMetadata(id));
    }

    [Theory]
    [InlineData("9999999")]
    [InlineData("abc")]
    public void WriteNotes_DoesNothing_WhenThereIsNoSuchJob(string id)
    {
        Storage.WriteMetadata(id, new Dictionary<string, string> { ["Progress"] = "10" });

        Assert.Empty(Storage.ReadMetadata(id));
    }

    [Fact]
    public void WriteNotes_DoesNotDisturbTheWorker_ThatEndsTheJob()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var limit = new CancellationTokenSource(Until.Limit);
        using var fetched = connection.FetchNextJob(["default"], limit.Token);
        using (connection.AcquireDistributedLock($"job:{id}:state-lock", Until.Limit))
        {
            Assert.NotNull(connection.GetJobData(id));
            Storage.WriteMetadata(id, new Dictionary<string, string> { ["Progress"] = "10" });
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetJobState(id, new SucceededState(null, 1, 1));
            transaction.Commit();
        }
        fetched.RemoveFromQueue();

        Assert.Equal("Succeeded", connection.GetStateData(id).Name);
    }
}
