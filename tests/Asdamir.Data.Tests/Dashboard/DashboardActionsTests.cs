using System.Net;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Hangfire.States;

namespace Asdamir.Data.Tests.Dashboard;

/// <summary>The buttons follow the same rules as the API.</summary>
public sealed partial class DashboardActionsTests
{
    private readonly SharedStorage _storage = new();

    [Fact]
    public async Task Requeue_StartsTheJobOver_WithAnAntiforgeryToken()
    {
        await using var web = await StartAsync();
        var jobId = Fail(web);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(web, "/jobs/failed/requeue", jobId));
        Assert.Equal(JobState.Enqueued, web.Jobs.Find(jobId)!.State);
        Assert.Equal(1, _storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Requeue_LeavesOneQueueRow_WhenTheJobIsAlreadyEnqueued()
    {
        await using var web = await StartAsync();
        var jobId = web.Jobs.Enqueue<IdleJob>();

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(web, "/jobs/enqueued/requeue", jobId));
        Assert.Equal(1, _storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Requeue_IsRefusedAndChangesNothing_WhenReadOnly()
    {
        await using var web = await StartAsync(options => options.Access.ReadOnly = true);
        var jobId = Fail(web);

        var status = await PostAsync(web, "/jobs/failed/requeue", jobId);

        Assert.InRange((int)status, 400, 499);
        Assert.Equal(JobState.Failed, web.Jobs.Find(jobId)!.State);
    }

    [Theory]
    [InlineData("/jobs/failed/requeue")]
    [InlineData("/jobs/failed/delete")]
    public async Task Actions_LeaveTheJobsOfAnotherAppAlone_WithAnAppQueue(string action)
    {
        await using var crm = await StartAsync();
        await using var hr = await StartAsync(options => options.AppQueue = "hr");
        var jobId = Fail(crm);

        await PostAsync(hr, action, jobId);

        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Trigger_CreatesAJobAndDoesNotResume_WhenTheRecurringJobIsPaused()
    {
        await using var web = await StartAsync();
        web.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        web.Jobs.PauseRecurring("sweep");

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(web, "/recurring/trigger", "sweep"));

        Assert.Equal(1, _storage.GetMonitoringApi().EnqueuedCount("crm"));
        using var connection = _storage.GetConnection();
        Assert.Equal("", connection.GetAllEntriesFromHash("recurring-job:sweep")["NextExecution"]);
    }

    [Fact]
    public async Task RecurringActions_LeaveTheEntriesOfAnotherAppAlone_WithAnAppQueue()
    {
        await using var crm = await StartAsync();
        await using var hr = await StartAsync(options => options.AppQueue = "hr");
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });

        await PostAsync(hr, "/recurring/trigger", "sweep");
        await PostAsync(hr, "/recurring/remove", "sweep");

        Assert.Equal(0, _storage.GetMonitoringApi().EnqueuedCount("crm"));
        Assert.True(crm.Jobs.RemoveRecurring("sweep"));
    }

    private static async Task<HttpStatusCode> PostAsync(WebHost web, string path, string id)
    {
        // The page gives the cookie and the token that belongs to it.
        var page = await (await web.GetAsync("/hangfire/retries")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire" + path)
        {
            Content = new FormUrlEncodedContent([new("jobs[]", id)]),
        };
        request.Headers.Add(Meta(page, "csrf-header"), Meta(page, "csrf-token"));
        using var response = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static string Meta(string html, string name) =>
        MetaTag().Matches(html).Single(match => match.Groups["name"].Value == name).Groups["content"].Value;

    [GeneratedRegex("<meta name=\"(?<name>[^\"]+)\" content=\"(?<content>[^\"]+)\"")]
    private static partial Regex MetaTag();

    private string Fail(WebHost web)
    {
        var jobId = web.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        Assert.True(web.Jobs.Delete(jobId).IsDone);
        StoredStates.Put(_storage, jobId, new FailedState(new InvalidOperationException("broken")));
        return jobId;
    }

    private Task<WebHost> StartAsync(Action<HangfireJobsOptions>? configure = null) => WebHost.StartAsync(
        "Development",
        jobs => jobs.AddJob<IdleJob>().UseStorage(_ => _storage),
        options =>
        {
            options.AppQueue = "crm";
            options.RunServer = false;
            configure?.Invoke(options);
        });

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
