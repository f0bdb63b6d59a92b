using Asdamir.Data.HangfireJobs;
using Hangfire.States;

namespace Asdamir.Data.Tests.Monitoring.Reads.Lists;

public sealed class JobListFilterInMemory() : JobListFilterTests(StorageKind.InMemory);

public sealed class JobListFilterOnSqlite() : JobListFilterTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class JobListFilterOnPostgreSql() : JobListFilterTests(StorageKind.PostgreSql);

public abstract class JobListFilterTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task Jobs_AreFoundByEachFilter_AndByAllTogether()
    {
        var crm = await StartAsync();
        Fail(crm, "no such customer");
        var between = await PauseAsync();
        var wanted = Fail<OtherJob>(crm, "disk is full");
        Fail(crm, "disk is full too");
        var after = await PauseAsync();
        Fail<OtherJob>(crm, "disk is full later");

        Assert.Equal(4, (await crm.ReadAsync("/jobs?state=Failed")).GetArrayLength());
        Assert.Equal(2, (await crm.ReadAsync("/jobs?name=OtherJob")).GetArrayLength());
        Assert.Equal(3, (await crm.ReadAsync($"/jobs?from={between}")).GetArrayLength());
        Assert.Equal(1, (await crm.ReadAsync($"/jobs?to={between}")).GetArrayLength());
        Assert.Equal(3, (await crm.ReadAsync("/jobs?q=DISK%20is%20FULL")).GetArrayLength());
        Assert.Equal([wanted], (await crm.ReadAsync($"/jobs?state=failed&app=crm&name=OtherJob&from={between}&to={after}&q=disk")).Ids());
    }

    [Fact]
    public async Task Jobs_AreFoundByTextInArguments_WhateverItsCharacters()
    {
        var crm = await StartAsync();
        var wanted = crm.Jobs.Enqueue<BadJob, string>("100% of \"a_b\" 'c'");
        crm.Jobs.Enqueue<BadJob, string>("100 of axb");

        foreach (var text in new[] { "100%", "a_b", "'c'", "OF" })
            Assert.Contains(wanted, (await crm.ReadAsync($"/jobs?q={Uri.EscapeDataString(text)}")).Ids());
        Assert.Equal([wanted], (await crm.ReadAsync("/jobs?q=100%25")).Ids());
        Assert.Equal([wanted], (await crm.ReadAsync("/jobs?q=a_b")).Ids());
        Assert.Empty((await crm.ReadAsync("/jobs?q=%27%20OR%201%3D1%20--")).Ids());
    }

    [Fact]
    public async Task Jobs_AreSortedByTheTimeOfTheirState_BothWays()
    {
        var crm = await StartAsync();
        var jobs = new[] { Fail(crm), Put<IdleJob>(crm, new SucceededState(null, 0, 0)), Fail(crm), crm.Jobs.Enqueue<IdleJob>() };

        Assert.Equal(jobs, (await crm.ReadAsync("/jobs?sort=oldest")).Ids());
        Assert.Equal(jobs.Reverse(), (await crm.ReadAsync("/jobs?sort=newest")).Ids());
        Assert.Equal(jobs.Reverse(), (await crm.ReadAsync("/jobs")).Ids());
        Assert.Equal([jobs[0], jobs[2]], (await crm.ReadAsync("/jobs?state=Failed&sort=oldest")).Ids());
    }

    [Fact]
    public async Task Jobs_OfAnotherApp_AreNotShown_WhateverIsAskedFor()
    {
        var crm = await StartAsync();
        var hr = await StartAsync("hr");
        var theirs = Fail<OtherJob>(hr, "secret of hr");

        foreach (var query in new[] { "", $"?q={theirs}", "?q=secret", "?name=OtherJob", "?state=Failed", "?sort=oldest", "?page=1" })
            Assert.Empty((await crm.ReadAsync($"/jobs{query}")).Ids());
        Assert.Contains("'crm'", (await crm.AskAsync("/jobs?app=hr")).ProblemOf("app"), StringComparison.Ordinal);
        Assert.Equal("0", (await crm.AskAsync("/jobs")).Header("X-Total-Count"));
    }

    [Fact]
    public async Task Jobs_OfOneApp_AreShown_WhenAsked_WithoutAnAppQueue()
    {
        var all = await StartAsync("");
        var (crm, hr) = (Fail(await StartAsync()), Fail(await StartAsync("hr")));

        Assert.Equal([crm], (await all.ReadAsync("/jobs?app=crm")).Ids());
        Assert.Equal([hr], (await all.ReadAsync("/jobs?app=hr")).Ids());
        Assert.Equal([hr, crm], (await all.ReadAsync("/jobs")).Ids());
        Assert.Empty((await all.ReadAsync("/jobs?app=none")).Ids());
    }

    [Theory]
    [InlineData("state=Broken", "state")]
    [InlineData("state=0", "state")]
    [InlineData("state=Failed,Deleted", "state")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13-01", "to")]
    [InlineData("from=2026-02-02&to=2026-02-01", "to")]
    [InlineData("sort=up", "sort")]
    [InlineData("pageSize=0", "pageSize")]
    [InlineData("pageSize=1e3", "pageSize")]
    [InlineData("page=201&pageSize=50", "page")]
    [InlineData("after=nonsense", "after")]
    [InlineData("after=-1", "after")]
    [InlineData("after=1.2.99999999999999999999", "after")]
    [InlineData("page=1&after=1", "after")]
    [InlineData("name=%00", "name")]
    [InlineData("q=a%00b", "q")]
    public async Task Jobs_AnswersAProblemThatNamesTheParameter(string query, string parameter) =>
        Assert.Contains(parameter, (await (await StartAsync()).AskAsync($"/jobs?{query}")).ProblemOf(parameter), StringComparison.Ordinal);

    [Theory]
    [InlineData("name")]
    [InlineData("q")]
    [InlineData("app")]
    [InlineData("sort")]
    public async Task Jobs_RefusesAnAbsurdlyLongText(string parameter) =>
        (await (await StartAsync("")).AskAsync($"/jobs?{parameter}={new string('x', 201)}")).ProblemOf(parameter);

    /// <summary>A time between what was and what comes, also for a storage whose clock is coarse.</summary>
    private static async Task<string> PauseAsync()
    {
        var before = DateTime.UtcNow;
        await Until.TrueAsync(() => DateTime.UtcNow > before.AddMilliseconds(20), "the clock goes on");
        var between = DateTime.UtcNow;
        await Until.TrueAsync(() => DateTime.UtcNow > between.AddMilliseconds(20), "the clock goes on");
        return Uri.EscapeDataString(between.ToString("O"));
    }
}
