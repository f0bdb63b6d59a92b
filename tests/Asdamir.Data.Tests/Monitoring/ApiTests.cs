using System.Net;
using System.Text.Json;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring;

public sealed class ApiTests
{
    private const string Root = "/frameworkapi/hangfire";

    public sealed record Greeting(string Name);

    public sealed class GreetJob : IJob<Greeting>
    {
        public Task<JobResult> ExecuteAsync(Greeting args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(args.Name == "bad" ? JobResult.PermanentFailure("no <b>such</b> name") : JobResult.Success());
    }

    [RecurringJob("0 2 * * *", Id = "idle")]
    public sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success(output: 7));
    }

    private static Task<WebHost> StartAsync(Action<HangfireJobsOptions>? configure = null) =>
        WebHost.StartAsync("Development", jobs => jobs.AddJob<GreetJob>().AddJob<IdleJob>(), configure);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    [Fact]
    public async Task Statistics_HasExactlyTheEightCounts()
    {
        await using var host = await StartAsync();

        var answer = await JsonAsync(await host.GetAsync($"{Root}/statistics"));

        Assert.Equal(
            ["enqueued", "failed", "processing", "succeeded", "scheduled", "deleted", "awaiting", "retry"],
            answer.EnumerateObject().Select(property => property.Name));
        Assert.All(answer.EnumerateObject(), property => Assert.True(property.Value.TryGetInt64(out _)));
    }

    [Fact]
    public async Task Jobs_HasExactlyTheAgreedShape_AndLeavesOutWhatIsAbsent()
    {
        await using var host = await StartAsync(options => options.AppQueue = "crm");
        var good = host.Jobs.Enqueue<GreetJob, Greeting>(new("Ada"));
        var bad = host.Jobs.Enqueue<GreetJob, Greeting>(new("bad"));
        var later = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        await host.UntilAsync(good, JobState.Succeeded);
        await host.UntilAsync(bad, JobState.Failed);

        var jobs = (await JsonAsync(await host.GetAsync($"{Root}/jobs"))).EnumerateArray()
            .ToDictionary(job => job.GetProperty("id").GetString()!);

        Assert.Equal(
            [
                "id", "name", "state", "createdAt", "startedAt", "completedAt", "queue", "priority", "arguments", "attempt",
                "durationMilliseconds", "latencyMilliseconds",
            ],
            Names(jobs[good]));
        Assert.Equal(
            [
                "id", "name", "state", "createdAt", "startedAt", "completedAt", "errorMessage", "queue", "priority", "arguments", "attempt",
                "durationMilliseconds", "errorType", "fingerprint",
            ],
            Names(jobs[bad]));
        Assert.Equal(["id", "name", "state", "createdAt", "queue", "priority", "dueAt", "attempt"], Names(jobs[later]));
        Assert.Equal("GreetJob", jobs[good].GetProperty("name").GetString());
        Assert.Equal("crm", jobs[good].GetProperty("queue").GetString());
        Assert.Equal("""{"name":"Ada"}""", jobs[good].GetProperty("arguments").GetString());
        Assert.Equal("no <b>such</b> name", jobs[bad].GetProperty("errorMessage").GetString());
        Assert.Equal(DateTimeKind.Utc, jobs[good].GetProperty("createdAt").GetDateTime().Kind);

        static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);
    }

    [Fact]
    public async Task RecurringJobs_HasExactlyTheAgreedShape()
    {
        await using var host = await StartAsync(options => options.RecurringJobIdPrefix = "crm");
        var before = (await JsonAsync(await host.GetAsync($"{Root}/recurring-jobs")))[0];
        await host.UntilAsync(host.Jobs.TriggerRecurring("idle")!, JobState.Succeeded);

        var after = (await JsonAsync(await host.GetAsync($"{Root}/recurring-jobs")))[0];

        Assert.Equal(
            ["id", "name", "cron", "queue", "nextExecution", "removed", "timeZoneId", "method", "class"],
            before.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            [
                "id", "name", "cron", "queue", "nextExecution", "lastExecution", "lastJobId", "lastJobState", "lastJobResult", "removed",
                "timeZoneId", "method", "class"
            ],
            after.EnumerateObject().Select(property => property.Name));
        Assert.Equal("crm:idle", after.GetProperty("id").GetString());
        Assert.Equal("Succeeded", after.GetProperty("lastJobState").GetString());
        Assert.Equal("""{"duration":null,"output":7}""", after.GetProperty("lastJobResult").GetString());
    }

    [Fact]
    public async Task Jobs_PagesWithHeaders()
    {
        await using var host = await StartAsync();
        foreach (var jobId in host.Jobs.EnqueueMany<GreetJob, Greeting>([new("a"), new("b"), new("c")]))
            await host.UntilAsync(jobId, JobState.Succeeded);

        var response = await host.GetAsync($"{Root}/jobs?state=Succeeded&pageSize=1&page=2");

        Assert.Single((await JsonAsync(response)).EnumerateArray());
        Assert.Equal("3", response.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(
            $"<{Root}/jobs?state=Succeeded&pageSize=1&page=1>; rel=\"prev\", <{Root}/jobs?state=Succeeded&pageSize=1&page=3>; rel=\"next\"",
            response.Headers.GetValues("Link").Single());
    }

    [Theory]
    [InlineData("state=Unknown", "state")]
    [InlineData("state=3", "state")]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=99999999999999", "page")]
    [InlineData("pageSize=201", "pageSize")]
    [InlineData("pageSize=<script>", "pageSize")]
    public async Task Jobs_AnswersAProblemThatNamesTheParameter_WhenItIsInvalid(string query, string parameter)
    {
        await using var host = await StartAsync();

        var response = await host.GetAsync($"{Root}/jobs?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(parameter, (await JsonAsync(response)).GetProperty("parameter").GetString());
    }
}
