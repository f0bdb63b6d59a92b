using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.Tests.Monitoring.Reads;

public sealed class StoredDataInMemory() : StoredDataTests(StorageKind.InMemory);

public sealed class StoredDataOnSqlite() : StoredDataTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class StoredDataOnPostgreSql() : StoredDataTests(StorageKind.PostgreSql);

/// <summary>What others have written into the schema must not blind the operators of an app.</summary>
public abstract class StoredDataTests(StorageKind kind) : MonitoringTests(kind)
{
    private const string Markup = "<script>alert('x')</script>\"&";

    [Theory]
    [InlineData("Job", "garbage")]
    [InlineData("Job", "{")]
    [InlineData("Job", "{}")]
    [InlineData("Job", "[]")]
    [InlineData("Job", "null")]
    [InlineData("Job", """{"t":"<b>","m":7,"p":{},"a":null}""")]
    [InlineData("Cron", "nonsense")]
    [InlineData("TimeZoneId", "Mars/Phobos")]
    [InlineData("NextExecution", "soon")]
    [InlineData("LastExecution", "99999999999999999999")]
    [InlineData("LastJobId", "no such job")]
    [InlineData("Misfire", "many")]
    [InlineData("Asdamir.PausedAt", "yesterday")]
    public async Task ABrokenRecurringJob_HidesNoOther_AndEveryAnswerIsAnAnswer(string field, string value)
    {
        var all = await StartAsync("", services: services => services.AddHealthChecks().AddHangfireJobs());
        all.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "broken" });
        all.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sound" });
        using (var connection = all.Storage.GetConnection())
            connection.SetRangeInHash("recurring-job:broken", new Dictionary<string, string> { [field] = value });

        var shown = await all.ReadAsync("/recurring-jobs");
        var health = await all.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["broken", "sound"], shown.Ids());
        Assert.NotEqual(HealthStatus.Unhealthy, health.Status);
        Assert.InRange((int)(await all.AskAsync("/recurring-jobs/broken")).Status, 200, 499);
        foreach (var action in new[] { "trigger", "pause", "resume" })
            Assert.InRange((int)(await all.PostAsync($"/recurring-jobs/broken/{action}")).Status, 200, 499);
        Assert.Equal(HttpStatusCode.OK, (await all.PostAsync("/recurring-jobs/sound/trigger")).Status);
    }

    [Fact]
    public async Task ABrokenProgressOrLog_HidesNoJob()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);
        WriteMetadata(
            crm, jobId,
            new()
            {
                ["Progress"] = "{", ["Log.0"] = "[7]",
                ["Log.1"] = """{"number":1,"lines":[{"at":"2026-11-24T00:00:00Z","level":"Information","message":"kept"}]}"""
            });

        Assert.False((await crm.ReadAsync($"/jobs/{jobId}")).TryGetProperty("progress", out _));
        Assert.Equal("kept", Assert.Single((await crm.ReadAsync($"/jobs/{jobId}/log")).EnumerateArray()).Text("message"));
    }

    [Fact]
    public async Task Markup_IsData_InEveryAnswer()
    {
        var crm = await StartAsync();
        crm.Jobs.Enqueue<BadJob, string>(Markup);
        var jobId = Fail(crm, Markup);
        crm.Jobs.AddOrUpdateRecurring<BadJob, string>(Markup, "@daily", new RecurringOptions { Id = Markup });

        foreach (var path in new[]
        {
            "/jobs", $"/jobs/{jobId}", "/recurring-jobs", $"/jobs/{Uri.EscapeDataString(Markup)}",
            $"/jobs?state={Uri.EscapeDataString(Markup)}", $"/{Uri.EscapeDataString(Markup)}"
        })
        {
            var answer = await crm.AskAsync(path);
            Assert.StartsWith("application/", answer.ContentType, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
            // Stored text is escaped on top of that; a problem repeats only what the sender has written.
            if (answer.Status == HttpStatusCode.OK)
                Assert.DoesNotContain("<script", answer.Body, StringComparison.OrdinalIgnoreCase);
        }
        Assert.Equal(Markup, (await crm.ReadAsync($"/jobs/{jobId}")).GetProperty("error").Text("message"));
        Assert.Equal($"crm:{Markup}", (await crm.ReadAsync("/recurring-jobs"))[0].Text("id"));
    }

    private static void WriteMetadata(WebHost app, string jobId, Dictionary<string, string> notes)
    {
        if (app.Storage is IJobMetadata own)
        {
            own.WriteMetadata(jobId, notes);
            return;
        }
        using var connection = app.Storage.GetConnection();
        foreach (var (name, value) in notes)
            connection.SetJobParameter(jobId, name, value);
    }
}
