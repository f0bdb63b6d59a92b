using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Tests.Monitoring;
using Hangfire.States;

namespace Asdamir.Data.Tests.Hostile;

public sealed class ForeignNamesOnSqlite() : ForeignNamesTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class ForeignNamesOnPostgreSql() : ForeignNamesTests(StorageKind.PostgreSql);

/// <summary>Who lists rows shows the names in them as text, cut, and resolves none.</summary>
public abstract class ForeignNamesTests(StorageKind kind) : MonitoringTests(kind)
{
    private const int LongestAnswer = 60_000;

    /// <summary>The name of a type in a row, where {0} is an assembly that does not exist; and what is shown of it.</summary>
    public static TheoryData<string, string> Names => new()
    {
        { "Trap, {0}", "Trap" },
        { "Intruder.Outer+Trap, {0}, Version=1.0.0.0", "Trap" },
        { "System.Int32" + string.Concat(Enumerable.Repeat("[]", 4_000)), "Int32" },
        { "Trap" + string.Concat(Enumerable.Repeat("[]", 4_000)) + ", {0}", "Trap" },
        { "System.Collections.Generic.List`1[[System.IO.FileSystemWatcher, System.IO.FileSystem.Watcher]], System.Private.CoreLib", "List`1" },
        { "System.Collections.Generic.List`1[[Trap, {0}]], System.Private.CoreLib", "List`1" },
        { new string('x', 1_000_000), new string('x', 100) + "…" },
        { "", "" },
        { "Asdamir.Data.HangfireJobs.JobEnvelope, {0}", "JobEnvelope" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Lists_ShowANameAsText(string typeName, string shown)
    {
        using var intruder = new Intruder(Kind, ConnectionString, Schema);
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        typeName = string.Format(System.Globalization.CultureInfo.InvariantCulture, typeName, intruder.TypeName.Split(", ")[1]);
        var id = intruder.Create(intruder.Shell("crm"), new EnqueuedState("crm"));
        var later = intruder.Create(intruder.Shell("crm"), new ScheduledState(TimeSpan.FromHours(1)));
        await intruder.SetTypeAsync(tables, id, typeName);
        await intruder.SetTypeAsync(tables, later, typeName);
        intruder.AddRecurring("crm:trap", "crm", typeName);
        var crm = await StartAsync();

        Assert.Equal($"{shown}.Start", (await crm.ReadAsync($"/jobs/{id}")).Text("name"));
        foreach (var path in new[]
        {
            "/jobs", "/jobs?state=Scheduled", $"/jobs/{later}", "/recurring-jobs", "/recurring-jobs/crm:trap", "/queues", "/statistics"
        })
        {
            AssertShort(path, await crm.AskAsync(path));
        }
        foreach (var page in new[] { "/", "/jobs/enqueued", "/jobs/enqueued/crm", "/jobs/scheduled", "/recurring", $"/jobs/details/{id}" })
            AssertShort(page, await DashboardAsync(crm, page));
        using var console = JobMonitor.Observe(new JobMonitorOptions
        {
            Storage = new HangfireJobsStorageOptions { Provider = Kind.ToString(), ConnectionString = ConnectionString, Schema = Schema },
            ContentRootPath = "/",
        });
        Assert.Equal(
            [$"{shown}.Start", $"{shown}.Start"],
            (await console.GetJobsAsync(new JobListFilter(), 10, cancellationToken: TestContext.Current.CancellationToken))
                .Jobs.Select(static job => job.Name));
        Assert.Equal($"{shown}.Start", (await console.FindJobAsync(id, cancellationToken: TestContext.Current.CancellationToken))!.Name);
        Assert.Single(await console.GetRecurringJobsAsync(TestContext.Current.CancellationToken));
        Assert.False(intruder.WasResolved);
    }

    private static async Task<Answer> DashboardAsync(WebHost crm, string page)
    {
        using var response = await crm.GetAsync("/hangfire" + page);
        return new Answer(
            response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), null, response.Headers);
    }

    private static void AssertShort(string path, Answer answer)
    {
        Assert.Equal((HttpStatusCode.OK, path), (answer.Status, path));
        Assert.InRange(answer.Body.Length, 1, LongestAnswer);
    }
}
