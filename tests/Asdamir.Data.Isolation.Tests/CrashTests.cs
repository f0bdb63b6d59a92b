using System.Diagnostics;
using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>A killed process loses nothing, and a job that kills its process is stopped.</summary>
public abstract class CrashTests(Func<Company> newCompany, ITestOutputHelper output)
{
    private const int Bulk = 20_000;

    // For a process that enqueues: the commit of one with a server begins the job, which may kill it before it has answered.
    private const string WithoutServer = "--HangfireJobs:RunServer=false";

    [Fact]
    public async Task S19_Job_IsExecutedByAnotherWorker_WhenItsProcessWasKilled()
    {
        await using var company = newCompany();
        var victim = await company.StartCrmAsync();
        var jobId = await Company.EnqueueAsync(victim, new WorkOrder(company.Tag("killed"), After: [company.Tag("release")]));
        await company.UntilAsync(async () => (await company.ExecutionsAsync("killed")).Count == 1, "it runs");
        var other = await company.StartCrmAsync();
        await victim.KillAsync();
        Assert.InRange(await company.Stored.LastExpiryAsync(), DateTime.MinValue, DateTime.UtcNow.AddSeconds(30));

        await company.UntilAsync(async () => (await company.ExecutionsAsync("killed")).Count == 2, "another worker takes it");
        await Company.EnqueueAsync(other, new WorkOrder(company.Tag("release")));
        await company.UntilStateAsync(jobId, "Succeeded");
        Assert.Null(await company.Stored.ParameterAsync(jobId, "RetryCount"));
        Assert.Equal("1", await company.Stored.ParameterAsync(jobId, "LostDeliveries"));
    }

    [Fact]
    public async Task S19_JobThatKillsItsProcess_Fails_WhenItsDeliveriesAreUsedUp()
    {
        await using var company = newCompany();
        var enqueuer = await company.StartCrmAsync(WithoutServer);
        var first = await company.StartCrmAsync("--HangfireJobs:MaxDeliveries=2");
        var jobId = await Company.EnqueueAsync(enqueuer, new WorkOrder(company.Tag("poison"), KillProcess: true));
        await first.MustEndAsync();
        var second = await company.StartCrmAsync("--HangfireJobs:MaxDeliveries=2");
        await second.MustEndAsync();
        var third = await company.StartCrmAsync("--HangfireJobs:MaxDeliveries=2");

        await company.UntilStateAsync(jobId, "Failed");

        Assert.Equal(2, (await company.ExecutionsAsync("poison")).Count);
        Assert.False(third.HasExited);
        Assert.Equal("Delivered 2 times without an end", await company.Stored.ReasonAsync(jobId));
    }

    // A worker whose last job was short may start the next one before that start is written, so its process may leave no trace; no other
    // one can.
    [Fact]
    public async Task S19_JobThatKillsItsProcess_KillsOneMoreAtMost_WhenItWasShortBefore()
    {
        await using var company = newCompany();
        var enqueuer = await company.StartCrmAsync(WithoutServer);
        var app = await StartWithShortJobsAsync(company);
        var jobId = await Company.EnqueueAsync(enqueuer, new WorkOrder(company.Tag("poison"), KillProcess: true));
        await app.MustEndAsync();

        app = await StartWithShortJobsAsync(company);
        await company.UntilAsync(
            async () => app.HasExited || await company.Stored.StateAsync(jobId) == "Failed", "its next process ends, or it is given up");
        if (app.HasExited)
            app = await StartWithShortJobsAsync(company);
        await company.UntilStateAsync(jobId, "Failed");

        Assert.InRange((await company.ExecutionsAsync("poison")).Count, 1, 2);
        Assert.False(app.HasExited);
    }

    [Fact]
    public async Task Continuation_StartsAfterACommittedSuccess_WhenTheProcessDiesRightBeforeIt()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync(WithoutServer);
        var parent = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("parent"), KillBeforeTheCommit: true));
        var child = (await crm.SendAsync(new Command("continue", Id: parent, Order: new WorkOrder(company.Tag("child"))))).GetString()!;
        var victim = await company.StartCrmAsync();
        await victim.MustEndAsync();

        await company.StartCrmAsync();
        await company.UntilStateAsync(child, "Succeeded");

        var parents = await company.ExecutionsAsync("parent");
        Assert.Equal(["done", "done"], parents.Select(static execution => execution.Outcome));
        var only = Assert.Single(await company.ExecutionsAsync("child"));
        Assert.True(
            parents[^1].Ended <= only.Started,
            $"The continuation began at {only.Started:O}, and its parent ended at {parents[^1].Ended:O}.");
    }

    [Fact]
    public async Task Failure_IsRetried_WhenTheDatabaseRefusesItsText()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:Retry:Attempts=1");
        var jobId = await Company.EnqueueAsync(
            crm, new WorkOrder(company.Tag("hostile"), FailAttempts: 2, FailureText: "nul \0 and half \ud800 a pair"));

        await company.UntilStateAsync(jobId, "Failed");

        Assert.Equal([1, 2], (await company.ExecutionsAsync("hostile")).Select(execution => execution.Attempt));
        Assert.Contains(
            "nul \ufffd and half \ufffd a pair", await company.Stored.StateDataAsync(jobId, "ExceptionMessage"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enqueue")]
    [InlineData("enqueue-async")]
    public async Task EveryJobThatWasReturned_IsExecuted_WhenItsProcessIsKilledAtOnce(string command)
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:WorkerCount=8");
        List<string> returned = [];
        var killed = Task.CompletedTask;
        try
        {
            while (true)
            {
                returned.Add((await crm.SendAsync(new Command(command, Order: new WorkOrder(company.Tag("returned"))))).GetString()!);
                if (returned.Count == 10)
                    killed = KillSoonAsync(crm);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            await killed;
        }
        Assert.True(returned.Count >= 10);
        await company.StartCrmAsync("--HangfireJobs:WorkerCount=8");

        foreach (var jobId in returned)
            await company.UntilStateAsync(jobId, "Succeeded");
        Assert.Empty(
            returned.Except(
                (await company.ExecutionsAsync("returned")).Where(execution => execution.Outcome == "done")
                    .Select(execution => execution.JobId)));
    }

    [Fact]
    public async Task BulkEnqueue_CreatesAllJobsOrNone_WhenItsProcessIsKilledHalfWay()
    {
        var (all, writing) = await EnqueueBulkAsync(killAfter: Timeout.InfiniteTimeSpan);
        Assert.Equal(Bulk, all);
        List<long> left = [];
        foreach (var share in new[] { 0, 0.2, 0.4, 0.6, 0.8 })
            left.Add((await EnqueueBulkAsync(writing * share)).Enqueued);
        // At least one must be killed before its commit, also where this process is late.
        for (var more = 0; !left.Contains(0) && more < 20; more++)
            left.Add((await EnqueueBulkAsync(TimeSpan.Zero)).Enqueued);
        output.WriteLine(
            $"of {Bulk:N0} jobs, written in {writing.TotalMilliseconds:F0} ms, there are, killed at different moments: "
                + $"{string.Join(", ", left)}");

        Assert.All(left, static enqueued => Assert.Contains(enqueued, new long[] { 0, Bulk }));
        Assert.Contains(0, left);
    }

    /// <param name="killAfter">Counts from when the first rows are written.</param>
    /// <returns>How many jobs are enqueued, and how long writing them took.</returns>
    private async Task<(long Enqueued, TimeSpan Writing)> EnqueueBulkAsync(TimeSpan killAfter)
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync(WithoutServer);
        var before = await company.Stored.WrittenBytesAsync();
        Task bulk = crm.SendAsync(new Command("enqueue-many", Order: new WorkOrder(company.Tag("bulk")), Count: Bulk));
        await company.UntilAsync(
            async () => bulk.IsCompleted || await company.Stored.WrittenBytesAsync() > before + 100_000, "some rows are written");
        var clock = Stopwatch.StartNew();
        await Task.WhenAny(bulk, Task.Delay(killAfter));
        var writing = clock.Elapsed;
        await crm.KillAsync();
        await bulk.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (await company.Stored.QueueLengthAsync("crm"), writing);
    }

    private static async Task<AppProcess> StartWithShortJobsAsync(Company company)
    {
        var app = await company.StartCrmAsync("--HangfireJobs:MaxDeliveries=1");
        try
        {
            foreach (var _ in Enumerable.Range(0, 20))
            {
                var jobId = await Company.EnqueueAsync(app, new WorkOrder(company.Tag("short")));
                await company.UntilAsync(
                    async () => app.HasExited || await company.Stored.StateAsync(jobId) == "Succeeded", "a short job has succeeded");
            }
        }
        catch (InvalidOperationException) when (app.HasExited)
        {
            // The job that kills its process came first.
        }
        return app;
    }

    private static async Task KillSoonAsync(AppProcess app)
    {
        await Task.Delay(Random.Shared.Next(50, 500));
        await app.KillAsync();
    }
}

public sealed class CrashTestsOnPostgreSql(CompanyServer server, ITestOutputHelper output) : CrashTests(server.OnPostgreSql, output);

public sealed class CrashTestsOnSqlite(CompanyServer server, ITestOutputHelper output) : CrashTests(server.OnSqlite, output);
