using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring.Reads.Overview;

public sealed class StatisticsCacheInMemory() : StatisticsCacheTests(StorageKind.InMemory);

public sealed class StatisticsCacheOnSqlite() : StatisticsCacheTests(StorageKind.Sqlite);

public abstract class StatisticsCacheTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Statistics_AreNotSentAgain_WhileNothingHasChanged()
    {
        var crm = await StartAsync();
        var first = await crm.AskAsync("/statistics");
        var tag = first.Header("ETag")!;

        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            var again = await crm.AskAsync("/statistics", ("If-None-Match", known));
            Assert.Equal((HttpStatusCode.NotModified, "", tag), (again.Status, again.Body, again.Header("ETag")));
        }
        Assert.Equal(HttpStatusCode.OK, (await crm.AskAsync("/statistics", ("If-None-Match", "\"other\""))).Status);
    }

    [Fact]
    public async Task Statistics_AreSentAgain_OnceSomethingHasChanged()
    {
        var crm = await StartAsync();
        var before = (await crm.AskAsync("/statistics")).Header("ETag")!;
        crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));

        var after = await crm.AskAsync("/statistics", ("If-None-Match", before));

        Assert.Equal((HttpStatusCode.OK, 1), (after.Status, after.Json.Number("scheduled")));
        Assert.NotEqual(before, after.Header("ETag"));
    }
}
