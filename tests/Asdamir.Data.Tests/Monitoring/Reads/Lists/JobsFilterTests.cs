using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Hangfire.States;

namespace Asdamir.Data.Tests.Monitoring.Reads.Lists;

/// <summary>No server runs here, so every job stays where it was put.</summary>
public sealed class JobsFilterTests
{
    private const string Api = "/frameworkapi/hangfire";
    private readonly SharedStorage _storage = new();

    [Theory]
    [InlineData("Scheduled", 2)]
    [InlineData("scheduled", 2)]
    [InlineData("Enqueued", 1)]
    [InlineData("Failed", 1)]
    [InlineData("Awaiting", 1)]
    [InlineData("Succeeded", 0)]
    public async Task Jobs_ListsOneState_WhenAskedFor(string state, int count)
    {
        await using var web = await StartAsync("crm");
        web.Jobs.Enqueue<IdleJob>();
        web.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(2));
        web.Jobs.ContinueWith<IdleJob>(web.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(3)));
        Fail(web);

        var jobs = await GetAsync(web, $"/jobs?state={state}");

        Assert.Equal(count, jobs.GetArrayLength());
        Assert.All(jobs.EnumerateArray(), job => Assert.Equal(state, job.GetProperty("state").GetString(), ignoreCase: true));
    }

    [Fact]
    public async Task Statistics_CountsByState_OverTheWholeSchema()
    {
        await using var web = await StartAsync("crm");
        web.Jobs.Enqueue<IdleJob>();
        web.Jobs.ContinueWith<IdleJob>(web.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(3)));

        var counts = await GetAsync(web, "/statistics");

        Assert.Equal((1, 1, 1, 0), (Number("enqueued"), Number("scheduled"), Number("awaiting"), Number("failed")));

        long Number(string name) => counts.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task JobsAndRecurringJobs_ListTheAppsOwnOnly_WithAnAppQueue()
    {
        await using var crm = await StartAsync("crm");
        await using var hr = await StartAsync("hr");
        var own = new[] { crm.Jobs.Enqueue<IdleJob>(), crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1)), Fail(crm) };
        hr.Jobs.Enqueue<IdleJob>();
        hr.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        Fail(hr);
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily");
        hr.Jobs.AddOrUpdateRecurring<IdleJob>("@daily");

        var jobs = (await GetAsync(crm, "/jobs")).EnumerateArray().Select(job => job.GetProperty("id").GetString()!);
        var recurring = (await GetAsync(crm, "/recurring-jobs")).EnumerateArray().Select(job => job.GetProperty("id").GetString());

        Assert.Equal(own.Order(StringComparer.Ordinal), jobs.Order(StringComparer.Ordinal));
        Assert.Equal(["crm:IdleJob"], recurring);
    }

    [Fact]
    public async Task Jobs_ListsEveryAppsJobs_WithoutAnAppQueue()
    {
        await using var crm = await StartAsync("crm");
        await using var all = await StartAsync("");
        var jobId = crm.Jobs.Enqueue<IdleJob>();

        var job = Assert.Single((await GetAsync(all, "/jobs")).EnumerateArray());

        Assert.Equal((jobId, "crm"), (job.GetProperty("id").GetString(), job.GetProperty("queue").GetString()));
    }

    [Fact]
    public async Task RecurringJobs_HasNoNextExecution_WhilePaused()
    {
        await using var web = await StartAsync("crm");
        web.Jobs.AddOrUpdateRecurring<IdleJob>("0 2 * * *", new RecurringOptions { TimeZone = "Europe/Berlin" });
        web.Jobs.PauseRecurring("IdleJob");

        var job = Assert.Single((await GetAsync(web, "/recurring-jobs")).EnumerateArray());

        Assert.Equal(
            ["id", "name", "cron", "queue", "removed", "timeZoneId", "method", "class"],
            job.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            (typeof(IdleJob).FullName, "ExecuteAsync"), (job.GetProperty("class").GetString(), job.GetProperty("method").GetString()));
    }

    [Fact]
    public async Task Jobs_ListsAJobThatCannotBeLoaded_UnderItsStoredName()
    {
        await using var web = await StartAsync("crm");
        StoredStates.CreateUnloadable(_storage, "crm", new FailedState(new InvalidOperationException("broken")));
        StoredStates.CreateUnloadable(_storage, "hr", new FailedState(new InvalidOperationException("broken")));

        var job = Assert.Single((await GetAsync(web, "/jobs")).EnumerateArray());

        Assert.Equal("Job.Run", job.GetProperty("name").GetString());
        Assert.False(job.TryGetProperty("arguments", out _));
    }

    private string Fail(WebHost web)
    {
        var jobId = web.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        Assert.True(web.Jobs.Delete(jobId).IsDone);
        StoredStates.Put(_storage, jobId, new FailedState(new InvalidOperationException("broken")));
        return jobId;
    }

    private static async Task<JsonElement> GetAsync(WebHost web, string path)
    {
        var response = (await web.GetAsync(Api + path)).EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    private Task<WebHost> StartAsync(string app) => WebHost.StartAsync(
        "Development",
        jobs => jobs.AddJob<IdleJob>().UseStorage(_ => _storage),
        options => (options.AppQueue, options.RecurringJobIdPrefix, options.RunServer) = (app, app, false));

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
