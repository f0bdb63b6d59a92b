namespace Asdamir.Data.Tests.Monitoring.Reads.Lists;

public sealed class StablePagingOnSqlite() : StablePagingTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class StablePagingOnPostgreSql() : StablePagingTests(StorageKind.PostgreSql);

/// <summary>What a storage of ours promises beyond a scanned one, whose cursor counts jobs.</summary>
public abstract class StablePagingTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task NewJobs_DoNotShiftTheNextPage_WhenLinksAreFollowed()
    {
        var crm = await StartAsync();
        var jobs = Enumerable.Range(0, 4).Select(_ => Fail(crm)).Reverse().ToList();

        var first = await crm.AskAsync("/jobs?pageSize=2");
        Fail(crm);

        Assert.Equal(jobs.Take(2), first.Json.Ids());
        Assert.Equal(jobs.Skip(2), (await crm.AskAsync(first.Link("next")!)).Json.Ids());
    }

    [Fact]
    public async Task Lists_AreNotBounded_AsAllJobsAreIndexed()
    {
        var crm = await StartAsync();
        Fail(crm);

        Assert.Null((await crm.AskAsync("/jobs")).Header("X-Scan-Limit"));
    }
}
