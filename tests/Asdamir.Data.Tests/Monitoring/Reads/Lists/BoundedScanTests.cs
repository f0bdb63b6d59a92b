namespace Asdamir.Data.Tests.Monitoring.Reads.Lists;

/// <summary>A storage that cannot search is looked at up to a limit, and the answer says so.</summary>
public sealed class BoundedScanTests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Jobs_SayThatTheyAreBounded_WhenThereAreMoreThanAreLookedAt()
    {
        var crm = await StartAsync();
        crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 999));

        Assert.Null((await crm.AskAsync("/jobs?pageSize=1")).Header("X-Scan-Limit"));
        crm.Jobs.EnqueueMany<BadJob, string>(["x", "x"]);
        var answer = await crm.AskAsync("/jobs?pageSize=1");

        Assert.Equal(("1000", "1000"), (answer.Header("X-Scan-Limit"), answer.Header("X-Total-Count")));
        Assert.Equal("1000", (await crm.AskAsync("/jobs?pageSize=1&page=1000")).Header("X-Scan-Limit"));
    }

    [Fact]
    public async Task Pages_EndWithTheLastThatCanBeAskedFor()
    {
        var crm = await StartAsync();
        crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 201));

        Assert.NotNull((await crm.AskAsync("/jobs?pageSize=1&page=200")).Link("next"));
        (await crm.AskAsync("/jobs?pageSize=200&page=51")).ProblemOf("page");
    }

    [Fact]
    public async Task Enqueued_DoesNotShowADeletedJob_ThatStillLiesInTheQueue()
    {
        var crm = await StartAsync();
        crm.Jobs.Delete(crm.Jobs.Enqueue<IdleJob>());
        var waiting = crm.Jobs.Enqueue<IdleJob>();

        Assert.Equal([waiting], (await crm.ReadAsync("/jobs?state=Enqueued")).Ids());
    }

    [Fact]
    public async Task Jobs_AreFoundById()
    {
        var crm = await StartAsync();
        Fail(crm);
        var wanted = Fail(crm);
        Fail(crm);

        Assert.Equal([wanted], (await crm.ReadAsync($"/jobs?q={wanted}")).Ids());
    }
}
