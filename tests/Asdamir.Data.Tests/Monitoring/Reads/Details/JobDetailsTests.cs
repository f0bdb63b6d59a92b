using System.Net;
using Asdamir.Data.HangfireJobs;
using Hangfire.States;

namespace Asdamir.Data.Tests.Monitoring.Reads.Details;

public sealed class JobDetailsInMemory() : JobDetailsTests(StorageKind.InMemory);

public sealed class JobDetailsOnSqlite() : JobDetailsTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class JobDetailsOnPostgreSql() : JobDetailsTests(StorageKind.PostgreSql);

public abstract class JobDetailsTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Job_TellsWhatItDid_OnceItSucceeded()
    {
        var crm = await StartAsync(configure: options => options.RunServer = true);
        var jobId = crm.Jobs.Enqueue<ReportJob, Report>(new("Q3", 40));
        await crm.UntilAsync(jobId, JobState.Succeeded);

        var job = await crm.ReadAsync($"/jobs/{jobId}");
        var line = Assert.Single((await crm.ReadAsync($"/jobs/{jobId}/log")).EnumerateArray());

        Assert.Equal((jobId, "ReportJob", "Succeeded", "crm"), (job.Text("id"), job.Text("name"), job.Text("state"), job.Text("queue")));
        Assert.Equal("""{"quarter":"Q3","pages":40}""", job.Text("arguments"));
        Assert.Equal("""{"duration":null,"output":{"pages":40}}""", job.Text("output"));
        Assert.Equal((50, "half of it"), (job.GetProperty("progress").Number("percent"), job.GetProperty("progress").Text("text")));
        Assert.Equal(1, job.Number("attempt"));
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued"], job.GetProperty("history").EnumerateArray().Select(entry => entry.Text("state")));
        Assert.Equal(DateTimeKind.Utc, job.GetProperty("expiresAt").GetDateTime().Kind);
        Assert.Equal(("Information", "40 pages"), (line.Text("level"), line.Text("message")));
        Assert.False(job.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Job_LeavesOutWhatAStateDoesNotSay()
    {
        var crm = await StartAsync();
        var jobId = crm.Jobs.Enqueue<IdleJob>();
        using (var connection = crm.Storage.GetConnection())
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.AddJobState(jobId, new StateWithANull());
            transaction.Commit();
        }

        var state = (await crm.ReadAsync($"/jobs/{jobId}")).GetProperty("history")[0];

        Assert.Equal("""{"said":"yes"}""", state.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Job_TellsWhyItFailed()
    {
        var crm = await StartAsync(configure: options => options.RunServer = true);
        var jobId = crm.Jobs.Enqueue<BadJob, string>("disk is full");
        await crm.UntilAsync(jobId, JobState.Failed);

        var job = await crm.ReadAsync($"/jobs/{jobId}");

        var error = job.GetProperty("error");
        Assert.Equal((typeof(InvalidOperationException).FullName, "disk is full"), (error.Text("type"), error.Text("message")));
        Assert.Contains(nameof(BadJob), error.Text("details"), StringComparison.Ordinal);
        Assert.False(job.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Job_KnowsItsParent_ItsChildren_AndItsRecurringJob()
    {
        var crm = await StartAsync();
        var parent = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var children = new[] { crm.Jobs.ContinueWith<IdleJob>(parent), crm.Jobs.ContinueWith<OtherJob>(parent) };
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        var triggered = crm.Jobs.TriggerRecurring("sweep");

        Assert.Equal(
            children, (await crm.ReadAsync($"/jobs/{parent}")).GetProperty("childIds").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(
            (parent, "Awaiting"),
            ((await crm.ReadAsync($"/jobs/{children[0]}")).Text("parentId"), (await crm.ReadAsync($"/jobs/{children[0]}")).Text("state")));
        Assert.Equal("crm:sweep", (await crm.ReadAsync($"/jobs/{triggered}")).Text("recurringJobId"));
    }

    [Fact]
    public async Task Job_IsEnqueued_OnceItsTimeHasCome_AsInLists()
    {
        var crm = await StartAsync();
        var jobId = crm.Jobs.Schedule<IdleJob>(DateTimeOffset.UtcNow.AddMinutes(-1));

        Assert.Equal("Enqueued", (await crm.ReadAsync($"/jobs/{jobId}")).Text("state"));
    }

    [Fact]
    public async Task Job_ThatCannotBeLoaded_IsShownWithTheReason()
    {
        var crm = await StartAsync();
        var jobId = StoredStates.CreateUnloadable(crm.Storage, "crm", new FailedState(new InvalidOperationException("broken")));

        var job = await crm.ReadAsync($"/jobs/{jobId}");

        Assert.Equal("Job.Run", job.Text("name"));
        Assert.NotEmpty(job.Text("loadError")!);
    }

    [Theory]
    [InlineData("999999999")]
    [InlineData("-1")]
    [InlineData("no-such-run")]
    [InlineData("99999999999999999999999999")]
    [InlineData("%27%20OR%201=1")]
    [InlineData("..%2F..%2Fetc")]
    public async Task Job_IsNotFound_WhenThereIsNone(string id)
    {
        var crm = await StartAsync();

        (await crm.AskAsync($"/jobs/{id}")).Problem(HttpStatusCode.NotFound);
        (await crm.AskAsync($"/jobs/{id}/log")).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Job_OfAnotherApp_IsNotFound()
    {
        var crm = await StartAsync();
        var theirs = Fail(await StartAsync("hr"));

        (await crm.AskAsync($"/jobs/{theirs}")).Problem(HttpStatusCode.NotFound);
        (await crm.AskAsync($"/jobs/{theirs}/log")).Problem(HttpStatusCode.NotFound);
        Assert.Equal(theirs, (await (await StartAsync("")).ReadAsync($"/jobs/{theirs}")).Text("id"));
    }

    private sealed class StateWithANull : IState
    {
        public string Name => EnqueuedState.StateName;

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => new() { ["said"] = "yes", ["unsaid"] = null! };
    }
}
