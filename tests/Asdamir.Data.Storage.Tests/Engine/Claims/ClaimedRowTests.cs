using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class ClaimedRowOnPostgreSql() : ClaimedRowTests(static place => OnPostgreSql(place));

public sealed class ClaimedRowOnSqlite() : ClaimedRowTests(static place => OnSqlite(place));

/// <summary>A claim returns the whole job, so that its worker does not read it again.</summary>
public abstract class ClaimedRowTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void Job_IsReadFromTheClaim_UntilItsWorkerHasLockedIt()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        Rows.Execute("UPDATE {s}job SET state = 'Elsewhere'");

        Assert.Equal(EnqueuedState.StateName, connection.GetJobData(fetched.JobId).State);
        using (connection.AcquireDistributedLock($"job:{fetched.JobId}:state-lock", TimeSpan.FromSeconds(5)))
            Assert.Equal(EnqueuedState.StateName, connection.GetJobData(fetched.JobId).State);
        Assert.Equal("Elsewhere", connection.GetJobData(fetched.JobId).State);
    }
}
