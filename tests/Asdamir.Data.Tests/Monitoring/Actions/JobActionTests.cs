using System.Net;
using System.Text;
using Asdamir.Data.HangfireJobs;
using Hangfire.States;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class JobActionInMemory() : JobActionTests(StorageKind.InMemory);

public sealed class JobActionOnSqlite() : JobActionTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class JobActionOnPostgreSql() : JobActionTests(StorageKind.PostgreSql);

/// <summary>One job, or a few by their ids.</summary>
public abstract class JobActionTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Requeue_PutsTheJobBack_WithAllItsAttemptsAndTheReason()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);
        using (var connection = crm.Storage.GetConnection())
            connection.SetJobParameter(jobId, "RetryCount", "3");

        var answer = await crm.PostAsync($"/jobs/{jobId}/requeue", new { reason = "disk has room again", expectedState = "failed" });
        var job = await crm.ReadAsync($"/jobs/{jobId}");

        Assert.Equal(
            (HttpStatusCode.OK, 1, 0, 0),
            (answer.Status, answer.Json.Number("done"), answer.Json.Number("skipped"), answer.Json.Number("failed")));
        Assert.Equal(("Enqueued", "disk has room again", 1), (job.Text("state"), job.Text("reason"), job.Number("attempt")));
    }

    [Fact]
    public async Task Delete_DeletesTheJob_WithoutABody()
    {
        var crm = await StartAsync();
        var jobId = crm.Jobs.Enqueue<IdleJob>();

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{jobId}/delete")).Status);

        Assert.Equal(JobState.Deleted, crm.Jobs.Find(jobId)!.State);
        Assert.Equal("Deleted by an operator", (await crm.ReadAsync($"/jobs/{jobId}")).Text("reason"));
    }

    [Fact]
    public async Task Actions_AreAConflictWithTheReason_WhenTheStateIsNotTheExpectedOne()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);

        foreach (var action in new[] { "requeue", "delete" })
        {
            var why = (await crm.PostAsync($"/jobs/{jobId}/{action}", new { expectedState = "Succeeded" }))
                .Problem(HttpStatusCode.Conflict);
            Assert.Contains("no longer Succeeded: it is Failed", why, StringComparison.Ordinal);
        }
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Requeue_IsAConflict_WhenItWouldExecuteTheJobTwice()
    {
        var crm = await StartAsync();
        var enqueued = crm.Jobs.Enqueue<IdleJob>();
        var processing = Put<IdleJob>(crm, StoredStates.Processing);
        var unloadable = StoredStates.CreateUnloadable(crm.Storage, "crm", new FailedState(new InvalidOperationException("broken")));

        Assert.Contains(
            "twice", (await crm.PostAsync($"/jobs/{enqueued}/requeue")).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains(
            "twice", (await crm.PostAsync($"/jobs/{processing}/requeue")).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains(
            "cannot be loaded", (await crm.PostAsync($"/jobs/{unloadable}/requeue")).Problem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_AcceptsADueJob_InTheStateInWhichItIsShown()
    {
        var crm = await StartAsync();
        var jobId = crm.Jobs.Schedule<IdleJob>(DateTimeOffset.UtcNow.AddMinutes(-1));
        var shown = (await crm.ReadAsync($"/jobs/{jobId}")).Text("state");

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{jobId}/delete", new { expectedState = shown })).Status);

        Assert.Equal("Deleted", (await crm.ReadAsync($"/jobs/{jobId}")).Text("state"));
    }

    [Fact]
    public async Task Actions_ByIds_ReportWhatWasDone_AndWhyNot()
    {
        var crm = await StartAsync();
        var failed = Fail(crm);
        var enqueued = crm.Jobs.Enqueue<IdleJob>();
        var theirs = Fail(await StartAsync("hr"));

        var answer = await crm.PostAsync("/jobs/requeue", new { ids = new[] { failed, enqueued, theirs, "nonsense", failed } });

        Assert.Equal(
            (HttpStatusCode.OK, 1, 3, 0),
            (answer.Status, answer.Json.Number("done"), answer.Json.Number("skipped"), answer.Json.Number("failed")));
        var remarks = answer.Json.Remarks().ToDictionary(remark => remark.Id, remark => remark.Reason);
        Assert.Contains("is Enqueued", remarks[enqueued], StringComparison.Ordinal);
        Assert.Equal($"There is no job '{theirs}'.", remarks[theirs]);
        Assert.Equal("There is no job 'nonsense'.", remarks["nonsense"]);
    }

    [Fact]
    public async Task Actions_DoNotReachRunsOfAnotherApp()
    {
        var (crm, hr) = (await StartAsync(), await StartAsync("hr"));
        var theirs = Fail(hr);

        foreach (var action in new[] { "requeue", "delete" })
        {
            (await crm.PostAsync($"/jobs/{theirs}/{action}")).Problem(HttpStatusCode.NotFound);
            Assert.Equal(0, (await crm.PostAsync($"/jobs/{action}", new { ids = new[] { theirs } })).Json.Number("done"));
            (await crm.PostAsync($"/jobs/{action}", new { filter = new { state = "Failed", app = "hr" } })).ProblemOf("filter.app");
        }

        Assert.Equal(JobState.Failed, hr.Jobs.Find(theirs)!.State);
    }

    [Fact]
    public async Task Actions_ReachRunsOfEveryApp_WithoutAnAppQueue()
    {
        var hr = await StartAsync("hr");
        var theirs = Fail(hr);

        Assert.Equal(HttpStatusCode.OK, (await (await StartAsync("")).PostAsync($"/jobs/{theirs}/requeue")).Status);
        Assert.Equal(JobState.Enqueued, hr.Jobs.Find(theirs)!.State);
    }

    [Theory]
    [InlineData("/jobs/1/requeue")]
    [InlineData("/jobs/none/delete")]
    [InlineData("/recurring-jobs/none/trigger")]
    [InlineData("/recurring-jobs/crm:none/pause")]
    [InlineData("/recurring-jobs/%3Cscript%3E/resume")]
    public async Task Actions_AreNotFound_WhenThereIsNoSuchTarget(string path) =>
        Assert.StartsWith(
            "There is no ", (await (await StartAsync()).PostAsync(path)).Problem(HttpStatusCode.NotFound), StringComparison.Ordinal);

    [Theory]
    [InlineData("/jobs/requeue", "{}", "ids")]
    [InlineData("/jobs/requeue", "", "ids")]
    [InlineData("/jobs/requeue", "null", "ids")]
    [InlineData("/jobs/requeue", """{"ids":[]}""", "ids")]
    [InlineData("/jobs/requeue", """{"ids":["1",""]}""", "ids")]
    [InlineData("/jobs/requeue", """{"ids":["1",null]}""", "ids")]
    [InlineData("/jobs/requeue", """{"ids":["1"],"filter":{"state":"Failed"}}""", "ids")]
    [InlineData("/jobs/requeue", """{"filter":{}}""", "filter.state")]
    [InlineData("/jobs/requeue", """{"filter":{"state":"Broken"}}""", "filter.state")]
    [InlineData("/jobs/requeue", """{"filter":{"state":"Failed","from":"soon"}}""", "filter.from")]
    [InlineData("/jobs/requeue", """{"filter":{"state":3}}""", "filter.state")]
    [InlineData("/jobs/delete", """{"filter":{"state":"Failed","nam":"IdleJob"}}""", "filter.nam")]
    [InlineData("/jobs/delete", """{"ids":["1"],"expectedStat":"Failed"}""", "expectedStat")]
    [InlineData("/jobs/delete", """{"ids":["1"],"expectedState":"Broken"}""", "expectedState")]
    [InlineData("/jobs/delete", """["1"]""", "body")]
    [InlineData("/jobs/delete", "not json", "body")]
    [InlineData("/jobs/delete", """{"ids":["1"]""", "body")]
    [InlineData("/jobs/{id}/delete", """{"ids":["1"]}""", "ids")]
    [InlineData("/jobs/{id}/delete", """{"filter":{"state":"Failed"}}""", "filter")]
    [InlineData("/jobs/{id}/delete", """{"expectedState":"7"}""", "expectedState")]
    [InlineData("/recurring-jobs/{id}/pause", """{"expectedState":"Failed"}""", "expectedState")]
    public async Task Actions_AnswerAProblemThatNamesTheParameter_AndChangeNothing(string path, string body, string parameter)
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);

        var answer = await crm.SendAsync(
            HttpMethod.Post, path.Replace("{id}", jobId, StringComparison.Ordinal),
            new StringContent(body, Encoding.UTF8, "application/json"), Api.Bearer);

        answer.ProblemOf(parameter);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Actions_RefuseAReasonThatIsTooLong_AndTooManyIds()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);

        (await crm.PostAsync($"/jobs/{jobId}/delete", new { reason = new string('x', 501) })).ProblemOf("reason");
        (await crm.PostAsync("/jobs/delete", new { ids = Enumerable.Range(0, 10_001).Select(id => $"{id}").Append(jobId) }))
            .ProblemOf("ids");

        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }
}
