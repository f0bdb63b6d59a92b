using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.Monitoring.Reads.Overview;

public sealed class LateRecurringJobsInMemory() : LateRecurringJobsTests(StorageKind.InMemory);

public sealed class LateRecurringJobsOnSqlite() : LateRecurringJobsTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class LateRecurringJobsOnPostgreSql() : LateRecurringJobsTests(StorageKind.PostgreSql);

/// <summary>No server runs here: whatever is due stays so.</summary>
public abstract class LateRecurringJobsTests(StorageKind kind) : MonitoringTests(kind)
{
    // Times are stored in milliseconds.
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));

    [Fact]
    public async Task AppThatIsDead_IsLate_AndItsWorstOneIsNamed()
    {
        var all = await StartedAsync("");
        var (night, crm) = (await StartedAsync("night"), await StartedAsync());
        Add(night, "night:close-month", late: TimeSpan.FromHours(3));
        Add(night, "night:sweep", late: TimeSpan.FromMinutes(5));
        Add(night, "night:statements", late: TimeSpan.FromMinutes(-5));
        Add(crm, "crm:sweep", late: TimeSpan.FromHours(1));
        await night.DisposeAsync();

        var late = await LateAsync(all);

        Assert.Equal([("night", 2, "night:close-month"), ("crm", 1, "crm:sweep")], late.Select(Line));
        Assert.Equal(_time.GetUtcNow().AddHours(-3), late[0].GetProperty("since").GetDateTimeOffset());
        Assert.Equal(["crm"], (await LateAsync(all, "?app=crm")).Select(app => app.Text("app")));
        Assert.Equal([("crm", 1, "crm:sweep")], (await LateAsync(crm)).Select(Line));
        var listed = await all.Services.GetRequiredService<IJobMonitor>().GetLateRecurringJobsAsync(
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["night", "crm"], listed.Select(static app => app.App));
    }

    [Fact]
    public async Task OccurrenceThatWaitsInItsQueue_IsLate()
    {
        var crm = await StartedAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "sweep" });
        Assert.NotNull(crm.Jobs.TriggerRecurring("sweep"));
        Assert.Empty(await LateAsync(crm));

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal([("crm", 1, "crm:sweep")], (await LateAsync(crm)).Select(Line));
    }

    [Fact]
    public async Task OneOfAPausedQueue_IsNotLate_UntilTheQueueIsResumed()
    {
        var crm = await StartedAsync();
        if (crm.Storage is not IJobPauses pauses)
            return;
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "sweep" });
        Assert.NotNull(crm.Jobs.TriggerRecurring("sweep"));
        Add(crm, "crm:missed", late: TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(2));

        pauses.Pause(JobPauseKind.Queue, "crm", "migration, password=hunter2", "ada");

        Assert.Empty(await LateAsync(crm));
        foreach (var id in new[] { "crm:sweep", "crm:missed" })
        {
            var details = await crm.ReadAsync($"/recurring-jobs/{id}");
            Assert.False(details.TryGetProperty("lateSince", out _));
            Assert.Equal("migration, password=•••", details.GetProperty("queuePause").Text("reason"));
        }
        pauses.EndPause(JobPauseKind.Queue, "crm");
        Assert.Equal([("crm", 2, "crm:missed")], (await LateAsync(crm)).Select(Line));
    }

    [Fact]
    public async Task PausedOne_IsNotLate()
    {
        var crm = await StartedAsync();
        Add(crm, "crm:sweep", late: TimeSpan.FromHours(1));
        crm.Jobs.PauseRecurring("sweep");
        Write(crm, "crm:sweep", "NextExecution", JobHelper.SerializeDateTime(_time.GetUtcNow().UtcDateTime.AddHours(-1)));

        Assert.Empty(await LateAsync(crm));
    }

    // Hangfire moves the next execution of one that it could not create to its next try, and takes it away after several tries.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneThatCouldNotBeCreated_IsLateSinceItsOccurrence(bool isDisabled)
    {
        var crm = await StartedAsync();
        var now = _time.GetUtcNow().UtcDateTime;
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("0 * * * *", new RecurringOptions { Id = "sweep" });
        Write(crm, "crm:sweep", "CreatedAt", JobHelper.SerializeDateTime(now.AddHours(-3)));
        Write(crm, "crm:sweep", "NextExecution", isDisabled ? "" : JobHelper.SerializeDateTime(now.AddMinutes(10)));
        Assert.Empty(await LateAsync(crm));

        Write(crm, "crm:sweep", "Error", "no such time zone");

        var since = Assert.Single(await LateAsync(crm)).GetProperty("since").GetDateTimeOffset();
        Assert.Equal(0, since.Minute);
        Assert.InRange(since.UtcDateTime, now.AddHours(-3), now.AddHours(-2));
    }

    [Fact]
    public async Task OneWithABrokenSchedule_AndOneOfWhichOnlyTheIdIsLeft_AreNotLate()
    {
        var crm = await StartedAsync();
        Add(crm, "crm:sweep", late: TimeSpan.FromMinutes(-5));
        Write(crm, "crm:sweep", "Cron", "no cron");
        Write(crm, "crm:sweep", "Error", "no cron");
        Write(crm, "crm:sweep", "NextExecution", "");
        using (var connection = crm.Storage.GetConnection())
        {
            using var transaction = connection.CreateWriteTransaction();
            transaction.AddToSet("recurring-jobs", "crm:gone", 1);
            transaction.Commit();
        }

        Assert.Empty(await LateAsync(crm));
        Assert.Equal(2, (await crm.ReadAsync("/recurring-jobs")).GetArrayLength());
    }

    [Fact]
    public async Task OneThatNeverFires_IsNotLate()
    {
        var crm = await StartedAsync();
        Add(crm, "crm:sweep", late: TimeSpan.FromMinutes(-5));
        Write(crm, "crm:sweep", "Cron", "0 0 31 2 *");
        Write(crm, "crm:sweep", "NextExecution", "");
        Write(crm, "crm:sweep", "CreatedAt", JobHelper.SerializeDateTime(_time.GetUtcNow().UtcDateTime.AddYears(-3)));
        Assert.Empty(await LateAsync(crm));

        Write(crm, "crm:sweep", "Error", "it never fires");

        Assert.Empty(await LateAsync(crm));
    }

    [Fact]
    public async Task FiveThousand_AreCounted()
    {
        const int Count = 5_000;
        var all = await StartedAsync("");
        var crm = await StartedAsync();
        Add(crm, "crm:pattern", late: TimeSpan.Zero);
        Copy(crm, Count);

        var late = await LateAsync(all);

        Assert.Equal([("crm", Count / 2, $"crm:copy{Count - 1}")], late.Select(Line));
        Assert.Equal(Count + 1, (await all.ReadAsync("/recurring-jobs")).GetArrayLength());
    }

    // Half of them are late, the last one most.
    private void Copy(WebHost crm, int count)
    {
        using var connection = crm.Storage.GetConnection();
        var pattern = connection.GetAllEntriesFromHash("recurring-job:crm:pattern");
        using var transaction = connection.CreateWriteTransaction();
        for (var i = 0; i < count; i++)
        {
            var next = _time.GetUtcNow().UtcDateTime.AddMinutes(i % 2 == 0 ? 1 : -1 - i);
            transaction.AddToSet("recurring-jobs", $"crm:copy{i}", JobHelper.ToTimestamp(next));
            transaction.SetRangeInHash(
                $"recurring-job:crm:copy{i}",
                pattern.Where(static field => field.Key != "NextExecution")
                    .Append(KeyValuePair.Create("NextExecution", JobHelper.SerializeDateTime(next))));
        }
        transaction.Commit();
    }

    private void Add(WebHost app, string id, TimeSpan late)
    {
        var name = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        app.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = name });
        Write(app, id, "NextExecution", JobHelper.SerializeDateTime((_time.GetUtcNow() - late).UtcDateTime));
    }

    private static void Write(WebHost app, string id, string field, string value)
    {
        using var connection = app.Storage.GetConnection();
        connection.SetRangeInHash($"recurring-job:{id}", new Dictionary<string, string> { [field] = value });
    }

    private Task<WebHost> StartedAsync(string app = "crm") =>
        StartAsync(app, services: services => services.AddSingleton<TimeProvider>(_time));

    private static async Task<List<JsonElement>> LateAsync(WebHost app, string query = "") =>
        [.. (await app.ReadAsync($"/late-recurring-jobs{query}")).EnumerateArray()];

    private static (string? App, int Count, string? WorstId) Line(JsonElement app) =>
        (app.Text("app"), app.Number("count"), app.Text("worstId"));
}
