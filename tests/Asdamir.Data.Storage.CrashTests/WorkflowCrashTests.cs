using System.Globalization;
using Apps.Storage;
using Asdamir.Data.Storage.CrashTests.Faults;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Workflows whose processes are killed: no job begins before those it waits for, and none is lost or begun twice.</summary>
public sealed class WorkflowCrashTests(FaultServer server, Files files) : IClassFixture<FaultServer>
{
    private const int Width = 30;
    private const int Kills = 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Jobs_BeginInTheirOrder_WhileTheirProcessesAreKilled(bool onSqlite)
    {
        IPlace place = onSqlite ? files.NewSqlite() : new PostgreSqlPlace(server);
        await using var site = new Site(place, Site.ShortLease);
        var jobs = new Dictionary<string, string[]>();
        string id;
        using (var storage = place.Open())
            id = await CreateAsync(storage, jobs, Width, joins: 3, milliseconds: 30);
        List<StorageProcess> workers = [await site.StartWorkerAsync(threads: 4), await site.StartWorkerAsync(threads: 4)];
        for (var kill = 1; kill <= Kills; kill++)
        {
            var progress = kill * Width / 2;
            await Until.TrueAsync(() => site.Ended.Count >= progress, $"{progress} jobs have ended", () => site.Logs);
            await workers[kill % 2].KillAsync();
            workers[kill % 2] = await site.StartWorkerAsync(threads: 4);
        }
        await Until.TrueAsync(
            () => place.Count("{s}workflow WHERE finished_at IS NOT NULL") == 1, "the workflow has finished",
            () => $"{string.Join(", ", place.States())}\n{site.Logs}");

        Assert.Equal(jobs.Count, place.Count("{s}job WHERE state = 'Succeeded'"));
        Assert.Equal(jobs.Count, place.Query("SELECT name, succeeded FROM {s}workflow")[0].Number);
        Assert.Equal(0, place.Count("{s}workflow_member WHERE open <> 0 OR outcome <> 1"));
        Assert.Equal(0, place.Count("{s}queue"));
        var begun = site.Begun.ToLookup(static execution => execution.Id);
        var ended = site.Ended.ToLookup(static execution => execution.Id);
        foreach (var (job, parents) in jobs)
        {
            var first = begun[job].Min(static execution => execution.At);
            Assert.All(parents, parent => Assert.True(
                ended[parent].Max(static execution => execution.At) <= first && begun[parent].All(execution => execution.At <= first),
                $"{job} began before {parent} had ended"));
        }
        // A job is repeated only when its process was killed.
        Assert.InRange(site.Begun.Count, jobs.Count, jobs.Count + (Kills * 4));
        Assert.NotEmpty(id);
    }

    // The commit has ended the first job and begun the second one, or nothing has happened; its process never learns which.
    [Theory]
    [InlineData(Fault.HangAnswer, 1)]
    [InlineData(Fault.LoseAnswer, 1)]
    [InlineData(Fault.LoseRequest, 1)]
    public async Task JobAfterAnother_BeginsOnce_WhenTheAnswerToTheCommitIsLost(Fault fault, int executions)
    {
        using var proxy = new FaultProxy(server.ConnectionString);
        var place = new PostgreSqlPlace(server, proxy.ConnectionString);
        await using var site = new Site(place, Site.ShortLease);
        var jobs = new Dictionary<string, string[]>();
        using (var storage = place.Open())
            await CreateAsync(storage, jobs, width: 1, joins: 1, milliseconds: 0);
        proxy.Decide = sql => sql.Contains("SET commits = commits + 1", StringComparison.Ordinal)
            && sql.Contains("workflow_member", StringComparison.Ordinal)
            && proxy.Faults == 0
                ? fault
                : Fault.None;
        var victim = await site.StartWorkerAsync(threads: 1);
        await Until.TrueAsync(() => proxy.Faults > 0, "the commit is disturbed", () => site.Logs);
        if (fault == Fault.HangAnswer)
        {
            await Until.TrueAsync(() => place.Count("{s}workflow_member WHERE outcome = 1") > 0, "it is committed", () => site.Logs);
            await victim.KillAsync();
            await site.StartWorkerAsync(threads: 1);
        }

        await Until.TrueAsync(
            () => place.Count("{s}workflow WHERE finished_at IS NOT NULL AND succeeded = 2") == 1, "both have succeeded",
            () => $"{string.Join(", ", place.States())}\n{site.Logs}");

        Assert.All(jobs.Keys, job => Assert.Equal(executions, site.Begun.Count(execution => execution.Id == job)));
        Assert.Equal(0, place.Count("{s}queue"));
    }

    /// <summary>Layers of jobs: each waits for a single one that waits for all of the layer before.</summary>
    private static async Task<string> CreateAsync(
        SqlJobStorage storage, Dictionary<string, string[]> jobs, int width, int joins, int milliseconds)
    {
        await using var batch = await storage.CreateBatchAsync((width + 1) * joins, TestContext.Current.CancellationToken);
        var id = batch.AddWorkflow("default", "layers");
        using var connection = (JobStorageConnection)batch.GetConnection();
        string[] before = [];
        for (var layer = 0; layer < joins; layer++)
        {
            string[] created = [.. Enumerable.Range(0, width).Select(_ => Add(before))];
            before = [Add(created)];
        }
        await batch.CommitAsync(TestContext.Current.CancellationToken);
        return id;

        string Add(string[] parents)
        {
            var job = connection.CreateExpiredJob(
                Hangfire.Common.Job.FromExpression(() => Work.Run(milliseconds, 0, null!)),
                new Dictionary<string, string> { [JobWorkflows.Parameter] = $"\"{id}\"" }, DateTime.UtcNow, TimeSpan.FromDays(1));
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetJobState(job, parents.Length == 0 ? new EnqueuedState() : new Waiting(parents.Length));
            if (parents.Length == 0)
                transaction.AddToQueue("default", job);
            transaction.Commit();
            batch.AddToWorkflow(id, job, parents, JobWorkflowCondition.Succeeded);
            jobs.Add(job, parents);
            return job;
        }
    }

    private sealed class Waiting(int parents) : IState
    {
        public string Name => AwaitingState.StateName;

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() =>
            new() { ["Parents"] = parents.ToString(CultureInfo.InvariantCulture) };
    }
}
