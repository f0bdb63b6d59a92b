namespace Asdamir.Data.Tests.Monitoring.Reads.Lists;

public sealed class CountLimitOnSqlite() : CountLimitTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class CountLimitOnPostgreSql() : CountLimitTests(StorageKind.PostgreSql);

public abstract class CountLimitTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Jobs_SayThatTheirNumberIsCapped_AndPagesByNumberEndThere()
    {
        var crm = await StartAsync();
        crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("x", 10_050));

        var last = await crm.AskAsync("/jobs?pageSize=200&page=50");
        var unnumbered = await crm.AskAsync("/jobs?pageSize=200");

        Assert.Equal(("10000", "10000"), (last.Header("X-Total-Count"), last.Header("X-Total-Limit")));
        Assert.Equal(200, last.Json.GetArrayLength());
        Assert.Null(last.Link("next"));
        Assert.NotNull(unnumbered.Link("next"));
    }

    [Fact]
    public async Task ASearchByText_TellsNothingOfASecret_ThatStandsInMoreJobsThanItReads()
    {
        var crm = await StartAsync();
        crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("password=hunter2X", 10_500));

        var right = await crm.AskAsync("/jobs?q=hunter2X&pageSize=7");
        var wrong = await crm.AskAsync("/jobs?q=hunter3X&pageSize=7");

        Assert.Equal(wrong.Body, right.Body);
        foreach (var header in new[] { "X-Total-Count", "X-Total-Limit", "X-Scan-Limit" })
            Assert.Equal((header, wrong.Header(header)), (header, right.Header(header)));
        Assert.Equal(wrong.Link("next")?.Replace("hunter3X", "hunter2X", StringComparison.Ordinal), right.Link("next"));
    }

    [Fact]
    public async Task ASearchByText_EndsAfterAWindow_AndGoesOnWithTheLink()
    {
        var crm = await StartAsync();
        var wanted = crm.Jobs.Enqueue<BadJob, string>("needle");
        crm.Jobs.EnqueueMany<BadJob, string>(Enumerable.Repeat("hay", 10_050));

        var first = await crm.AskAsync("/jobs?q=needle");
        var second = await crm.AskAsync(first.Link("next")!);
        var numbered = await crm.AskAsync("/jobs?q=needle&page=2");

        Assert.Empty(first.Json.Ids());
        Assert.NotNull(first.Header("X-Scan-Limit"));
        Assert.Equal([wanted], second.Json.Ids());
        // Going on from window to window for a page number would look at everything there is.
        Assert.Empty(numbered.Json.Ids());
        Assert.NotNull(numbered.Header("X-Scan-Limit"));
    }
}
