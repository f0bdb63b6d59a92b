using System.Net;
using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class LimitActionOnSqlite() : LimitActionTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class LimitActionOnPostgreSql() : LimitActionTests(StorageKind.PostgreSql);

/// <summary>What is shown of limits, and how they are changed and given back.</summary>
public abstract class LimitActionTests(StorageKind kind) : MonitoringTests(kind)
{
    private const string Secret = "hunter2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_ShowWhatRunsAndWaits()
    {
        var crm = await StartAsync(configure: static options => options.RunServer = true);
        var probe = crm.Services.GetRequiredService<Probe>();
        var jobs = crm.Jobs.EnqueueMany<LimitedJob, Letter>([new("a"), new("a"), new("a")]);
        await probe.NotedAsync("begun");

        var limits = await crm.ReadAsync("/limits");

        Assert.Equal(["per-tenant", "smtp"], limits.EnumerateArray().Select(static limit => limit.Text("name")));
        Assert.Equal((1, 1, 1, 2), NumbersOf(limits[0]));
        Assert.Equal((5, 5, 1, 2), NumbersOf(limits[1]));
        Assert.All(limits.EnumerateArray(), static limit => Assert.Equal("crm", limit.Text("queue")));

        probe.Open("end");
        foreach (var job in jobs)
            await crm.UntilAsync(job, JobState.Succeeded);
        Assert.Equal((1, 1, 0, 0), NumbersOf((await crm.ReadAsync("/limits"))[0]));
    }

    [Fact]
    public async Task Doctor_NamesALimitThatLetsNothingBegin_AsLongAsJobsWaitForIt()
    {
        var crm = await StartAsync();
        await crm.PostAsync("/limits/change", new { queue = "crm", name = "smtp", maxRunning = 0, reason = $"slow; token={Secret}" });
        Assert.Empty(await ClosedAsync());
        crm.Jobs.EnqueueMany<LimitedJob, Letter>([new("a"), new("b")]);

        var closed = Assert.Single(await ClosedAsync());

        Assert.Equal((JobFindingSeverity.Notice, "queue crm", "smtp", 2), (closed.Severity, closed.Target, closed.Value, closed.Jobs));
        Assert.StartsWith(
            "The limit 'smtp' of this queue lets no job begin, as an anonymous user has set it to 0 (slow; token=", closed.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, closed.Message, StringComparison.Ordinal);

        async Task<IEnumerable<JobFinding>> ClosedAsync() =>
            (await crm.Services.GetRequiredService<IJobMonitor>().DiagnoseAsync(cancellationToken: Token)).Findings
                .Where(static finding => finding.Kind == JobFindingKind.LimitClosed);
    }

    [Fact]
    public async Task ChangedLimit_IsInForce_UntilItIsGivenBack()
    {
        var crm = await StartAsync();
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);

        var changed = await crm.PostAsync(
            "/limits/change", new { queue = "crm", name = "smtp", maxRunning = 0, reason = $"slow; token={Secret}" });
        var limit = (await crm.ReadAsync("/limits"))[1];

        Assert.Equal((HttpStatusCode.OK, 1), (changed.Status, changed.Json.Number("done")));
        Assert.Equal((0, 5, 0), (limit.Number("maxRunning"), limit.Number("declared"), limit.Number("changedTo")));
        Assert.Equal("an anonymous user", limit.Text("changedBy"));
        Assert.StartsWith("slow; token=", limit.Text("reason"), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, limit.GetRawText(), StringComparison.Ordinal);
        Assert.InRange(limit.GetProperty("changedAt").GetDateTimeOffset(), before, DateTimeOffset.UtcNow.AddMinutes(1));

        var reset = await crm.PostAsync("/limits/reset", new { queue = "crm", name = "smtp", reason = "fast again" });
        limit = (await crm.ReadAsync("/limits"))[1];

        Assert.Equal((HttpStatusCode.OK, 1), (reset.Status, reset.Json.Number("done")));
        Assert.Equal((5, 5), (limit.Number("maxRunning"), limit.Number("declared")));
        Assert.All(
            ["changedTo", "changedBy", "changedAt", "reason"], name => Assert.False(limit.TryGetProperty(name, out _)));
    }

    [Fact]
    public async Task ChangedRate_IsInForce_UntilItIsGivenBack()
    {
        var crm = await StartAsync();
        ((IJobLimits)crm.Storage).DeclareLimits(
            "crm", [new JobLimitRule("calls", JobLimits.MaxRunning, new JobRate(100, TimeSpan.FromMinutes(1)))]);
        var limit = (await crm.ReadAsync("/limits"))[0];
        Assert.Equal(("100/min", "100/min"), (limit.Text("rate"), limit.Text("declaredRate")));
        Assert.False(limit.TryGetProperty("rateChangedTo", out _));
        Assert.False((await crm.ReadAsync("/limits"))[1].TryGetProperty("rate", out _));

        await crm.PostAsync("/limits/change", new { queue = "crm", name = "calls", rate = "10/5min", reason = "slow" });
        await crm.PostAsync("/limits/change", new { queue = "crm", name = "calls", maxRunning = 3, reason = "slower" });
        limit = (await crm.ReadAsync("/limits"))[0];

        Assert.Equal(
            ("10/5min", "100/min", "10/5min", 3, "slower"),
            (limit.Text("rate"), limit.Text("declaredRate"), limit.Text("rateChangedTo"), limit.Number("changedTo"), limit.Text("reason")));

        await crm.PostAsync("/limits/change", new { queue = "crm", name = "smtp", maxRunning = 2, rate = "1/d" });
        Assert.Equal("1/d", (await crm.ReadAsync("/limits"))[2].Text("rate"));
        await crm.PostAsync("/limits/reset", new { queue = "crm", name = "calls" });
        limit = (await crm.ReadAsync("/limits"))[0];
        Assert.Equal("100/min", limit.Text("rate"));
        Assert.All(["rateChangedTo", "changedTo", "changedBy"], name => Assert.False(limit.TryGetProperty(name, out _)));
    }

    [Fact]
    public async Task App_SeesAndChangesItsOwnLimitsOnly()
    {
        var (crm, hr) = (await StartAsync(), await StartAsync("hr"));

        (await hr.PostAsync("/limits/change", new { queue = "crm", name = "smtp", maxRunning = 1 })).Problem(HttpStatusCode.NotFound);
        (await hr.PostAsync("/limits/reset", new { queue = "crm", name = "smtp" })).Problem(HttpStatusCode.NotFound);
        await hr.PostAsync("/limits/change", new { queue = "hr", name = "smtp", maxRunning = 2 });

        Assert.Equal([("crm", 1), ("crm", 5)], Shown(await crm.ReadAsync("/limits")));
        Assert.Equal([("hr", 1), ("hr", 2)], Shown(await hr.ReadAsync("/limits?app=hr")));
        (await crm.AskAsync("/limits?app=hr")).ProblemOf("app");
        await Assert.ThrowsAsync<ArgumentException>(() => crm.Services.GetRequiredService<IJobMonitor>().GetLimitsAsync("hr", Token));

        var all = await StartAsync("");

        Assert.Equal(
            [("crm", 1), ("crm", 5), ("default", 1), ("default", 5), ("hr", 1), ("hr", 2)], Shown(await all.ReadAsync("/limits")));
        Assert.Equal(
            HttpStatusCode.OK, (await all.PostAsync("/limits/change", new { queue = "crm", name = "smtp", maxRunning = 3 })).Status);
        Assert.Equal([("crm", 1), ("crm", 3)], Shown(await all.ReadAsync("/limits?app=crm")));
    }

    [Theory]
    [InlineData("queue", """{"name":"smtp","maxRunning":1}""")]
    [InlineData("name", """{"queue":"crm","maxRunning":1}""")]
    [InlineData("name", """{"queue":"crm","name":"a\u0000b","maxRunning":1}""")]
    [InlineData("maxRunning", """{"queue":"crm","name":"smtp"}""")]
    [InlineData("maxRunning", """{"queue":"crm","name":"smtp","maxRunning":-1}""")]
    [InlineData("maxRunning", """{"queue":"crm","name":"smtp","maxRunning":1000001}""")]
    [InlineData("maxRunning", """{"queue":"crm","name":"smtp","maxRunning":2.5}""")]
    [InlineData("maxRunning", """{"queue":"crm","name":"smtp","maxRunning":"two"}""")]
    [InlineData("maxRuning", """{"queue":"crm","name":"smtp","maxRuning":2}""")]
    [InlineData("rate", """{"queue":"crm","name":"smtp","rate":"abc"}""")]
    [InlineData("rate", """{"queue":"crm","name":"smtp","rate":"0/min"}""")]
    [InlineData("rate", """{"queue":"crm","name":"smtp","rate":"1/32d","maxRunning":2}""")]
    [InlineData("rate", """{"queue":"crm","name":"smtp","rate":100}""")]
    [InlineData("queue", "")]
    public async Task InvalidChange_IsRefused_AndNamesTheParameter(string parameter, string body)
    {
        var crm = await StartAsync();

        (await SendAsync(crm, "/limits/change", body)).ProblemOf(parameter);

        Assert.Equal([("crm", 1), ("crm", 5)], Shown(await crm.ReadAsync("/limits")));
    }

    [Fact]
    public async Task TooLongReason_AndANumberForAReset_AreRefused()
    {
        var crm = await StartAsync();

        (await crm.PostAsync("/limits/change", new { queue = "crm", name = "smtp", maxRunning = 1, reason = new string('x', 501) }))
            .ProblemOf("reason");
        (await crm.PostAsync("/limits/reset", new { queue = "crm", name = "smtp", maxRunning = 1 })).ProblemOf("maxRunning");
        (await crm.PostAsync("/limits/reset", new { queue = "crm", name = "smtp", rate = "1/d" })).ProblemOf("rate");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b %2F ä & \"x\"?#")]
    [InlineData("'; DROP TABLE limit_rule; --")]
    public async Task Limit_IsFound_WhateverItsName(string name)
    {
        var crm = await StartAsync();
        ((IJobLimits)crm.Storage).DeclareLimits("crm", [new JobLimitRule(name, 3)]);

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync("/limits/change", new { queue = "crm", name, maxRunning = 4 })).Status);

        Assert.Contains(
            (await crm.ReadAsync("/limits")).EnumerateArray(),
            limit => limit.Text("name") == name && limit.Number("maxRunning") == 4 && limit.Number("declared") == 3);
    }

    [Fact]
    public async Task Execute_TellsTheAudit_WhichLimitGetsWhichNumber()
    {
        var crm = await StartAsync();
        var audit = new Notes();
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();
        var change = Request(JobActionKind.ChangeLimit, 2) with { User = "ada", Audit = audit };

        Assert.True((await monitor.ExecuteAsync(change, cancellationToken: Token)).IsDone);
        var operation = monitor.Start(change with { Kind = JobActionKind.ResetLimit, MaxRunning = null }, Token);
        await operation.Completion.WaitAsync(Until.Limit, Token);
        var missing = await monitor.ExecuteAsync(
            change with { Limit = new LimitReference { Queue = "crm", Name = "none" } }, cancellationToken: Token);

        var rate = new JobRate(100, TimeSpan.FromMinutes(1));
        await monitor.ExecuteAsync(change with { Rate = rate }, cancellationToken: Token);
        await monitor.ExecuteAsync(change with { Rate = rate, MaxRunning = null }, cancellationToken: Token);

        Assert.True(operation.Progress.IsDone);
        Assert.Equal((0, 1, "There is no limit 'none' in the queue 'crm'."), (missing.Done, missing.Skipped, missing.Reason));
        Assert.Equal(
            [
                "intended ChangeLimit crm: smtp = 2 ada", "completed ChangeLimit crm: smtp = 2 1",
                "intended ResetLimit crm: smtp ada", "completed ResetLimit crm: smtp 1",
                "intended ChangeLimit crm: none = 2 ada", "completed ChangeLimit crm: none = 2 0",
                "intended ChangeLimit crm: smtp = 2, 100/min ada", "completed ChangeLimit crm: smtp = 2, 100/min 1",
                "intended ChangeLimit crm: smtp = 100/min ada", "completed ChangeLimit crm: smtp = 100/min 1",
            ],
            audit.Lines);
    }

    [Fact]
    public async Task ChangedLimit_NamesTheUser()
    {
        var crm = await StartAsync();
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();

        await monitor.ExecuteAsync(Request(JobActionKind.ChangeLimit, 2) with { User = "ada", Reason = "slow" }, cancellationToken: Token);

        var limit = (await monitor.GetLimitsAsync(cancellationToken: Token)).Single(static limit => limit.Name == "smtp");
        Assert.Equal((2, (int?)2, 5, "ada", "slow"), (limit.MaxRunning, limit.ChangedTo, limit.Declared, limit.ChangedBy, limit.Reason));
    }

    [Fact]
    public async Task Request_WithoutItsTarget_IsRefused()
    {
        var crm = await StartAsync();
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();
        var change = Request(JobActionKind.ChangeLimit, 2);

        foreach (var request in new[]
        {
            change with { Limit = null },
            change with { MaxRunning = null },
            change with { MaxRunning = -1 },
            change with { Rate = new JobRate(0, TimeSpan.FromMinutes(1)) },
            change with { Rate = new JobRate(1, TimeSpan.MaxValue), MaxRunning = null },
            change with { Kind = JobActionKind.ResetLimit, MaxRunning = null, Rate = new JobRate(1, TimeSpan.FromMinutes(1)) },
            change with { MaxRunning = int.MaxValue },
            change with { RecurringJobId = "x" },
            change with { Kind = JobActionKind.ResetLimit },
            change with { Kind = JobActionKind.Pause, RecurringJobId = "x" },
            change with { Kind = JobActionKind.Delete, Jobs = [new JobReference { Id = "1" }] },
        })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => monitor.ExecuteAsync(request, cancellationToken: Token));
        }

        Assert.Equal([("crm", 1), ("crm", 5)], Shown(await crm.ReadAsync("/limits")));
    }

    [Fact]
    public async Task Job_ShowsItsLimits_WithTheirKeysMasked()
    {
        var crm = await StartAsync();
        var keyed = crm.Jobs.Enqueue<LimitedJob, Letter>(new Letter($"acme password={Secret}"));
        var keyless = crm.Jobs.Enqueue<LimitedJob, Letter>(new Letter(null));
        var free = crm.Jobs.Enqueue<IdleJob>();

        var shown = await LimitsOfAsync(crm, keyed);

        Assert.Equal(["per-tenant", "smtp"], shown.Keys.Order(StringComparer.Ordinal));
        Assert.Null(shown["smtp"]);
        Assert.StartsWith("acme password=", shown["per-tenant"], StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, shown["per-tenant"], StringComparison.Ordinal);
        Assert.All((await LimitsOfAsync(crm, keyless)).Values, Assert.Null);
        Assert.Empty(await LimitsOfAsync(crm, free));
    }

    private static async Task<Dictionary<string, string?>> LimitsOfAsync(WebHost app, string job) =>
        (await app.ReadAsync($"/jobs/{job}")).GetProperty("limits").EnumerateArray()
            .ToDictionary(static limit => limit.Text("name")!, static limit => limit.Text("key"));

    private static JobActionRequest Request(JobActionKind kind, int? maxRunning) => new()
    {
        Kind = kind,
        Limit = new LimitReference { Queue = "crm", Name = "smtp" },
        MaxRunning = maxRunning,
    };

    private static Task<Answer> SendAsync(WebHost app, string path, string body) => app.SendAsync(
        HttpMethod.Post, path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Api.Bearer);

    private static (int MaxRunning, int Declared, int Running, int Waiting) NumbersOf(JsonElement limit) =>
        (limit.Number("maxRunning"), limit.Number("declared"), limit.Number("running"), limit.Number("waiting"));

    private static IEnumerable<(string? Queue, int MaxRunning)> Shown(JsonElement limits) =>
        limits.EnumerateArray().Select(static limit => (limit.Text("queue"), limit.Number("maxRunning")));
}

/// <summary>A storage of another package has no limits.</summary>
public sealed class LimitsOfAnotherStorage() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Limits_AreNone_AndAChangeSaysWhy()
    {
        var crm = await StartAsync();

        Assert.Empty((await crm.ReadAsync("/limits")).EnumerateArray());
        var detail = (await crm.PostAsync("/limits/change", new { queue = "crm", name = "smtp", maxRunning = 1 }))
            .Problem(HttpStatusCode.NotFound);

        Assert.Contains("does not observe limits. Fix: use SQLite or PostgreSQL.", detail, StringComparison.Ordinal);
    }
}
