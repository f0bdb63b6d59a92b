using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Runs;
using Hangfire.States;

namespace Asdamir.Data.Tests.Monitoring.Details;

public sealed class RunDetailsInMemory() : RunDetailsTests(StorageKind.InMemory);

public sealed class RunDetailsOnSqlite() : RunDetailsTests(StorageKind.Sqlite);

public sealed class RunDetailsOnPostgreSql() : RunDetailsTests(StorageKind.PostgreSql);

public abstract class RunDetailsTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Run_TellsWhatItDid_OnceItSucceeded()
    {
        var crm = await StartAsync(configure: options => options.RunServer = true);
        var runId = crm.Jobs.Enqueue<ReportJob, Report>(new("Q3", 40));
        await crm.UntilAsync(runId, RunState.Succeeded);

        var run = await crm.ReadAsync($"/jobs/{runId}");
        var line = Assert.Single((await crm.ReadAsync($"/jobs/{runId}/log")).EnumerateArray());

        Assert.Equal((runId, "ReportJob", "Succeeded", "crm"), (run.Text("id"), run.Text("name"), run.Text("state"), run.Text("queue")));
        Assert.Equal("""{"quarter":"Q3","pages":40}""", run.Text("arguments"));
        Assert.Equal("""{"duration":null,"output":{"pages":40}}""", run.Text("output"));
        Assert.Equal((50, "half of it"), (run.GetProperty("progress").Number("percent"), run.GetProperty("progress").Text("text")));
        Assert.Equal(1, run.Number("attempt"));
        Assert.Equal(["Succeeded", "Processing", "Enqueued"], run.GetProperty("history").EnumerateArray().Select(entry => entry.Text("state")));
        Assert.Equal(DateTimeKind.Utc, run.GetProperty("expiresAt").GetDateTime().Kind);
        Assert.Equal(("Information", "40 pages"), (line.Text("level"), line.Text("message")));
        Assert.False(run.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Run_LeavesOutWhatAStateDoesNotSay()
    {
        var crm = await StartAsync();
        var runId = crm.Jobs.Enqueue<IdleJob>();
        using (var connection = crm.Storage.GetConnection())
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.AddJobState(runId, new StateWithANull());
            transaction.Commit();
        }

        var state = (await crm.ReadAsync($"/jobs/{runId}")).GetProperty("history")[0];

        Assert.Equal("""{"said":"yes"}""", state.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Run_TellsWhyItFailed()
    {
        var crm = await StartAsync(configure: options => options.RunServer = true);
        var runId = crm.Jobs.Enqueue<BadJob, string>("disk is full");
        await crm.UntilAsync(runId, RunState.Failed);

        var run = await crm.ReadAsync($"/jobs/{runId}");

        var error = run.GetProperty("error");
        Assert.Equal((typeof(InvalidOperationException).FullName, "disk is full"), (error.Text("type"), error.Text("message")));
        Assert.Contains(nameof(BadJob), error.Text("details"), StringComparison.Ordinal);
        Assert.False(run.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Run_KnowsItsParent_ItsChildren_AndItsRecurringJob()
    {
        var crm = await StartAsync();
        var parent = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var children = new[] { crm.Jobs.ContinueWith<IdleJob>(parent), crm.Jobs.ContinueWith<OtherJob>(parent) };
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", "sweep");
        var triggered = crm.Jobs.TriggerRecurring("sweep");

        Assert.Equal(children, (await crm.ReadAsync($"/jobs/{parent}")).GetProperty("childIds").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal((parent, "Awaiting"), ((await crm.ReadAsync($"/jobs/{children[0]}")).Text("parentId"), (await crm.ReadAsync($"/jobs/{children[0]}")).Text("state")));
        Assert.Equal("crm:sweep", (await crm.ReadAsync($"/jobs/{triggered}")).Text("recurringJobId"));
    }

    [Fact]
    public async Task Run_IsEnqueued_OnceItsTimeHasCome_AsInLists()
    {
        var crm = await StartAsync();
        var runId = crm.Jobs.Schedule<IdleJob>(DateTimeOffset.UtcNow.AddMinutes(-1));

        Assert.Equal("Enqueued", (await crm.ReadAsync($"/jobs/{runId}")).Text("state"));
    }

    [Fact]
    public async Task Run_ThatCannotBeLoaded_IsShownWithTheReason()
    {
        var crm = await StartAsync();
        var runId = StoredStates.CreateUnloadable(crm.Storage, "crm", new FailedState(new InvalidOperationException("broken")));

        var run = await crm.ReadAsync($"/jobs/{runId}");

        Assert.Equal("Job.Run", run.Text("name"));
        Assert.NotEmpty(run.Text("loadError")!);
    }

    [Theory]
    [InlineData("999999999")]
    [InlineData("-1")]
    [InlineData("no-such-run")]
    [InlineData("99999999999999999999999999")]
    [InlineData("%27%20OR%201=1")]
    [InlineData("..%2F..%2Fetc")]
    public async Task Run_IsNotFound_WhenThereIsNone(string id)
    {
        var crm = await StartAsync();

        (await crm.AskAsync($"/jobs/{id}")).Problem(HttpStatusCode.NotFound);
        (await crm.AskAsync($"/jobs/{id}/log")).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Run_OfAnotherApp_IsNotFound()
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
