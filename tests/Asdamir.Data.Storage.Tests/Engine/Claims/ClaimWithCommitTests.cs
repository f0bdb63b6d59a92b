using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class ClaimWithCommitOnPostgreSql() : ClaimWithCommitTests(static place => OnPostgreSql(place))
{
    private protected override JobDatabase OpenDatabase() =>
        new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
}

public sealed class ClaimWithCommitOnSqlite() : ClaimWithCommitTests(static place => OnSqlite(place))
{
    private protected override JobDatabase OpenDatabase() => new SqliteDatabase($"Data Source={Place.File}", new SqliteJobStorageOptions());
}

/// <summary>A commit that adds jobs claims them for a server of the same process, in the same transaction.</summary>
public abstract class ClaimWithCommitTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private static readonly string[] Queues = ["default"];

    [Fact]
    public void Commit_ClaimsWhatItEnqueues_AndPutsItIntoProcessing()
    {
        var set = SetThatEnqueues(CreateJob());

        var claim = Assert.Single(Commit(set, count: 2));

        Assert.True(claim.HasBegun);
        Assert.Equal("Processing", claim.Row!.State);
        Assert.Equal(("server-1", claim.Token.WorkerId), ServerAndWorkerOf(claim.JobId));
        Assert.Empty(set.QueuesToAnnounce);
    }

    [Fact]
    public void Commit_ClaimsTheOldestFirst_AndAnnouncesTheRest_WhenItMayNotClaimAll()
    {
        var older = Client.Create(SampleJobs.Text("older"), new EnqueuedState());
        var set = SetThatEnqueues(CreateJob());

        var claim = Assert.Single(Commit(set, count: 1));

        Assert.Equal(older, $"{claim.JobId}");
        Assert.Equal(Queues, set.QueuesToAnnounce);
    }

    [Fact]
    public void Commit_AnnouncesOtherQueues()
    {
        var set = SetThatEnqueues(CreateJob(), "other");
        set.Include(SetThatEnqueues(CreateJob()));

        Assert.Single(Commit(set, count: 2));

        Assert.Equal(["other"], set.QueuesToAnnounce);
    }

    [Fact]
    public void Commit_ClaimsNothingOfAPausedQueue()
    {
        Storage.Pause(JobPauseKind.Queue, "default");
        var set = SetThatEnqueues(CreateJob());

        Assert.Empty(Commit(set, count: 2));

        Assert.Equal(1, Rows.Count("{s}queue WHERE claimed_by IS NULL"));
        Storage.EndPause(JobPauseKind.Queue, "default");
        Assert.Equal(2, Commit(SetThatEnqueues(CreateJob()), count: 2).Count);
    }

    [Fact]
    public void RefusedCommit_ClaimsNothing()
    {
        Client.Create(SampleJobs.Text("waits"), new EnqueuedState());
        var set = SetThatEnqueues(CreateJob());
        set.Jobs.Single().ExpectedVersion = 1_000;

        Assert.Throws<WriteConflictException>(() => Commit(set, count: 2));

        Assert.Equal(0, Rows.Count("{s}queue WHERE claimed_by IS NOT NULL"));
        Assert.Equal(1, Rows.Count("{s}queue"));
    }

    [Fact]
    public async Task WaitingServer_GetsAJobOfItsProcess()
    {
        using var claims = Storage.OpenClaims(Queues, "server-1");
        for (var i = 0; i < 20; i++)
        {
            var waiting = claims.ClaimAsync(3, TestContext.Current.CancellationToken);
            var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());

            var job = Assert.Single(await waiting.WaitAsync(Until.Limit, TestContext.Current.CancellationToken));

            Assert.Equal(id, job.JobId);
            job.RemoveFromQueue();
            job.Dispose();
        }
    }

    private protected abstract JobDatabase OpenDatabase();

    private IReadOnlyList<ClaimedJob> Commit(WriteSet set, int count)
    {
        using var database = OpenDatabase();
        Rows.Execute("INSERT INTO {s}lease (owner, expires_at, timeout) VALUES ('this', 9000000000000000, 30000000)");
        using var connection = database.OpenCommitConnection(Rows.Value<long>("SELECT max(id) FROM {s}lease"));
        return connection.Commit([set], new ClaimRequest(Queues, count, HangfireStates.Processing("server-1", TimeProvider.System)))!;
    }

    private string CreateJob() => Client.Create(SampleJobs.Text("x"), new ScheduledState(TimeSpan.FromDays(1)));

    private static WriteSet SetThatEnqueues(string jobId, string queue = "default")
    {
        var set = new WriteSet();
        Assert.True(JobIds.TryParse(jobId, out var id));
        set.Job(id).Enter(new StateWrite("Enqueued", null, 1, "{}"));
        set.Enqueued.Add((queue, id));
        return set;
    }

    private (string? Server, string? Worker) ServerAndWorkerOf(long jobId)
    {
        using var connection = Storage.GetConnection();
        var state = connection.GetStateData($"{jobId}");
        return (state.Data["ServerId"], state.Data["WorkerId"]);
    }
}
