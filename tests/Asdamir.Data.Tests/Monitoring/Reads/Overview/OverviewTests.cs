using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring.Reads.Overview;

public sealed class OverviewInMemory() : OverviewTests(StorageKind.InMemory);

public sealed class OverviewOnSqlite() : OverviewTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class OverviewOnPostgreSql() : OverviewTests(StorageKind.PostgreSql);

/// <summary>Queues, servers, failures: what concerns many jobs.</summary>
public abstract class OverviewTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Queues_TellTheirDepthAndTheOldestWait()
    {
        var crm = await StartAsync();
        var before = DateTime.UtcNow.AddSeconds(-1);
        crm.Jobs.Enqueue<IdleJob>();
        crm.Jobs.Enqueue<IdleJob>();
        (await StartAsync("hr")).Jobs.Enqueue<IdleJob>();

        var queue = Assert.Single((await crm.ReadAsync("/queues")).EnumerateArray());

        Assert.Equal(("crm", 2, 0), (queue.Text("name"), queue.Number("waiting"), queue.Number("claimed")));
        Assert.InRange(queue.GetProperty("oldestAt").GetDateTime(), before, DateTime.UtcNow.AddSeconds(1));
        Assert.InRange(queue.GetProperty("oldestWaitSeconds").GetDouble(), 0, (DateTime.UtcNow - before).TotalSeconds);
    }

    [Fact]
    public async Task Queues_ShowAnEmptyQueue_WithoutAWait()
    {
        var queue = Assert.Single((await (await StartAsync()).ReadAsync("/queues")).EnumerateArray());

        Assert.Equal(("crm", 0), (queue.Text("name"), queue.Number("waiting")));
        Assert.False(queue.TryGetProperty("oldestAt", out _) || queue.TryGetProperty("oldestWaitSeconds", out _));
    }

    [Fact]
    public async Task Queues_AreThoseOfAllApps_WithoutAnAppQueue()
    {
        var all = await StartAsync("");
        (await StartAsync()).Jobs.Enqueue<IdleJob>();
        (await StartAsync("hr")).Jobs.Enqueue<IdleJob>();

        Assert.Equal(["crm", "hr"], (await all.ReadAsync("/queues")).EnumerateArray().Select(queue => queue.Text("name")));
        Assert.Equal(["hr"], (await all.ReadAsync("/queues?app=hr")).EnumerateArray().Select(queue => queue.Text("name")));
    }

    [Fact]
    public async Task Servers_AreThoseOfTheApp()
    {
        var crm = await StartAsync(configure: options => options.RunServer = true);
        await StartAsync("hr", options => options.RunServer = true);
        await Until.TrueAsync(() => crm.Storage.GetMonitoringApi().Servers().Count == 2, "both servers have shown themselves");

        var server = Assert.Single((await crm.ReadAsync("/servers")).EnumerateArray());

        Assert.StartsWith("crm@", server.Text("id"), StringComparison.Ordinal);
        Assert.Equal(["crm"], server.GetProperty("queues").EnumerateArray().Select(queue => queue.GetString()));
        Assert.Equal(2, server.Number("workers"));
        Assert.Equal(DateTimeKind.Utc, server.GetProperty("startedAt").GetDateTime().Kind);
    }

    [Fact]
    public async Task Failures_CountTheJobsThatFailMost()
    {
        var crm = await StartAsync();
        Fail<OtherJob>(crm);
        Fail<IdleJob>(crm);
        var last = Fail<IdleJob>(crm);
        Fail<IdleJob>(await StartAsync("hr"));

        var failures = (await crm.ReadAsync("/failures")).EnumerateArray().ToList();

        Assert.Equal(
            [("IdleJob", "crm", 2), ("OtherJob", "crm", 1)],
            failures.Select(job => (job.Text("name")!, job.Text("queue")!, job.Number("count"))));
        Assert.Equal(last, failures[0].Text("lastId"));
        Assert.Single((await crm.ReadAsync("/failures?size=1")).EnumerateArray());
        Assert.Empty((await crm.ReadAsync($"/failures?from={DateTime.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}")).EnumerateArray());
        Assert.Equal(4, (await (await StartAsync("")).ReadAsync("/failures")).EnumerateArray().Sum(job => job.Number("count")));
    }

    [Theory]
    [InlineData("/queues?app=hr", "app")]
    [InlineData("/servers?app=hr", "app")]
    [InlineData("/failures?app=hr", "app")]
    [InlineData("/history?app=hr", "app")]
    [InlineData("/failures?size=0", "size")]
    [InlineData("/failures?size=101", "size")]
    [InlineData("/failures?from=soon", "from")]
    [InlineData("/history?step=day", "step")]
    [InlineData("/history?count=181", "count")]
    [InlineData("/history?step=hour&count=169", "count")]
    [InlineData("/history?count=-1", "count")]
    public async Task Routes_AnswerAProblemThatNamesTheParameter(string path, string parameter) =>
        Assert.Contains(parameter, (await (await StartAsync()).AskAsync(path)).ProblemOf(parameter), StringComparison.Ordinal);

    [Theory]
    [InlineData("/nonsense")]
    [InlineData("/jobs/1/2/3")]
    [InlineData("/operations/nonsense")]
    [InlineData("/operations/00000000-0000-0000-0000-000000000000")]
    public async Task Routes_ThatDoNotExist_AnswerAProblem(string path) =>
        Assert.NotEmpty((await (await StartAsync()).AskAsync(path)).Problem(HttpStatusCode.NotFound));

    [Theory]
    [InlineData("/statistics", "POST", "GET")]
    [InlineData("/jobs/1/requeue", "GET", "POST")]
    [InlineData("/jobs/1", "DELETE", "GET")]
    public async Task Routes_AnswerAProblem_WhenTheMethodIsWrong(string path, string method, string allowed)
    {
        var answer = await (await StartAsync()).SendAsync(HttpMethod.Parse(method), path, null, Api.Bearer);

        answer.Problem(HttpStatusCode.MethodNotAllowed);
        Assert.Contains($"accepts {allowed} only", answer.Json.Text("detail"), StringComparison.Ordinal);
    }
}
