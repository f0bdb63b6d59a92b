using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>
/// Requests and answers that get lost on the way: what a call returned is in the database once, and nothing waits for an answer that was
/// lost.
/// </summary>
public sealed class LostAnswerTests(FaultServer server) : ProxiedStorageTests(server)
{
    private const string Commit = "SET commits = commits + 1";
    private const string Claim = "SET claimed_by = $3";

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.LoseRequest)]
    internal async Task EnqueuedJobs_ExistOnce_WhenTheirCommitsMeetAFault(Fault fault)
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, -1));
        Proxy.Decide = sql => sql.Contains(Commit, StringComparison.Ordinal) && Random.Shared.Next(5) == 0 ? fault : Fault.None;

        ConcurrentBag<string> returned = [];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
                returned.Add(client.Enqueue(() => Jobs.Run(place.Schema, (thread * 50) + i)));
        })));

        Assert.True(Proxy.Faults > 0);
        Assert.Equal(200, returned.Distinct().Count());
        Assert.Equal(201, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(201, place.Count("{s}queue"));
        Assert.Equal(201, place.Count(PlaceExtensions.History));
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.LoseRequest)]
    internal async Task EnqueuedJob_ReachesTheServerOfItsProcess_WhenTheCommitThatMayClaimItMeetsAFault(Fault fault)
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        using var claims = storage.OpenClaims(["default"], "server");
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        using var first = Assert.Single(await claims.ClaimAsync(2, TestContext.Current.CancellationToken));
        var waiting = claims.ClaimAsync(2, TestContext.Current.CancellationToken);
        Proxy.Once(Commit, fault);

        var id = client.Enqueue(() => Jobs.Run(place.Schema, 1));

        using var job = Assert.Single(await waiting.WaitAsync(Until.Limit, TestContext.Current.CancellationToken));
        Assert.Equal(1, Proxy.Faults);
        Assert.Equal(id, job.JobId);
        Assert.Equal(2, place.Count("{s}queue WHERE claimed_by IS NOT NULL"));
    }

    [Fact]
    public void EnqueuedJob_ExistsOnce_WhenTheAnswerAboutItsCommitIsCutOff()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        Proxy.Decide = sql => (sql, Proxy.Faults) switch
        {
            ({ } commit, 0) when commit.Contains(Commit, StringComparison.Ordinal) => Fault.LoseAnswer,
            ({ } question, 1) when question.Contains("SET epoch = epoch + 1", StringComparison.Ordinal) => Fault.CutAnswer,
            _ => Fault.None,
        };

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(2, Proxy.Faults);
        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
        Assert.Equal(2, place.Count(PlaceExtensions.History));
    }

    [Fact]
    public void EnqueuedJob_ExistsOnce_WhenTheDriverFailsInItsOwnWayAtItsCommit()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage) { RetryAttempts = 0 };
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        Proxy.Once(Commit, Fault.GarbleAnswer);

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(1, Proxy.Faults);
        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
    }

    [Fact]
    public void EnqueuedJob_ExistsOnce_WhenTheAnswerToItsCommitHangs()
    {
        var place = NewPlace("Command Timeout=10");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        Proxy.Once(Commit, Fault.HangAnswer);

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(1, Proxy.Faults);
        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
        Assert.Equal(2, place.Count(PlaceExtensions.History));
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.LoseRequest)]
    internal void EnqueuedJob_ExistsOnce_WhenTheCallIsRetriedAfterAnUnknownOutcome(Fault fault)
    {
        var place = NewPlace();
        using var storage = place.Open();
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        Proxy.Decide = sql =>
        {
            if (!sql.Contains(Commit, StringComparison.Ordinal))
                return Fault.None;
            Proxy.IsDown = true;
            return fault;
        };
        using var connection = storage.GetConnection();
        var id = connection.CreateExpiredJob(
            Job.FromExpression(() => Jobs.Run(place.Schema, 1)), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromDays(1));

        Assert.True(Assert.Throws<JobStorageUnavailableException>(() => Initialize(connection, id)).MayBeCommitted);
        Proxy.IsDown = false;
        Proxy.Decide = static _ => Fault.None;
        // As Hangfire's client tries again.
        if (connection.GetJobData(id).State is null)
            Initialize(connection, id);

        Assert.Equal(2, place.Count("{s}job WHERE state = 'Enqueued'"));
        Assert.Equal(2, place.Count("{s}queue"));
        Assert.Equal(2, place.Count(PlaceExtensions.History));
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.LoseRequest)]
    internal async Task ChangesOfState_HappenOnce_WhenTheirCommitsMeetAFault(Fault fault)
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        for (var i = 0; i < 300; i++)
            client.Enqueue(() => Jobs.Run(place.Schema, i));
        Proxy.Decide = sql => sql.Contains(Commit, StringComparison.Ordinal) && Random.Shared.Next(5) == 0 ? fault : Fault.None;

        using (new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 10 }, storage))
        {
            await Until.TrueAsync(
                () => place.Count("{s}job WHERE state = 'Succeeded'") == 300, "all jobs have succeeded", () => Describe(place));
        }

        Assert.True(Proxy.Faults > 0);
        Assert.Equal(300, Jobs.Executions(place.Schema));
        Assert.Equal(900, place.Count(PlaceExtensions.History));
        Assert.Equal(0, place.Count("{s}queue"));
        Assert.Equal(300, storage.GetMonitoringApi().GetStatistics().Succeeded);
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.HangAnswer)]
    internal async Task Job_IsExecuted_AlthoughTheAnswerToItsClaimWasLost(Fault fault)
    {
        var place = NewPlace("Command Timeout=10");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        Proxy.Once(Claim, fault);

        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);

        await Until.TrueAsync(() => place.Count("{s}job WHERE state = 'Succeeded'") == 1, "the job has succeeded", () => Describe(place));
        Assert.Equal(1, Proxy.Faults);
        Assert.Equal(1, Jobs.Executions(place.Schema));
    }

    [Fact]
    public async Task Claim_IsGivenBack_WhenItsAnswerWasLostAndTheLeaseOfItsProcessLives()
    {
        var place = NewPlace();
        using var storage = place.Open(static options => options.LeaseTimeout = TimeSpan.FromSeconds(30));
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        var lease = Lease(place).Id;
        Proxy.Once(Claim, Fault.LoseAnswer);

        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);

        await Until.TrueAsync(() => place.Count("{s}job WHERE state = 'Succeeded'") == 1, "the job has succeeded", () => Describe(place));
        Assert.Equal(1, Proxy.Faults);
        Assert.Equal(lease, Lease(place).Id);
    }

    private static void Initialize(IStorageConnection connection, string id)
    {
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, new EnqueuedState());
        transaction.AddToQueue("default", id);
        transaction.Commit();
    }
}
