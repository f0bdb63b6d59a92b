using System.Collections.Concurrent;
using System.Diagnostics;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class RecurringJobItemOnPostgreSql() : RecurringJobItemTests(static place => OnPostgreSql(place))
{
    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void RecurringJobs_AreReadWithTwoStatements_WhateverTheirNumber(int count)
    {
        for (var i = 0; i < count; i++)
            Add($"crm:{i}", "0 2 * * *", lastJob: "4711");
        using var source = new ActivitySource($"{nameof(RecurringJobItemTests)} {count}");
        ConcurrentQueue<Activity> statements = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = other => other.Name == "Npgsql" || other.Name == source.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = statements.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var read = source.StartActivity("read")!;

        var jobs = Storage.RecurringJobs();

        Assert.Equal(count, jobs.Count);
        // A span without a statement opens a connection.
        Assert.Equal(2, statements.Count(span =>
            span.ParentSpanId == read.SpanId && (span.GetTagItem("db.query.text") ?? span.GetTagItem("db.statement")) is not null));
    }
}

public sealed class RecurringJobItemOnSqlite() : RecurringJobItemTests(static place => OnSqlite(place));

public abstract class RecurringJobItemTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void RecurringJobs_AreListedById_WithTheirFields_AndTheStateOfTheLatestJob()
    {
        var waiting = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        var failed = Client.Create(SampleJobs.Text("x"), new FailedState(new InvalidOperationException("no")));
        Add("hr:b", "0 3 * * *", failed);
        Add("crm:a", "0 2 * * *", waiting);
        Add("hr:never", "0 4 * * *", lastJob: null);
        Add("hr:old", "0 4 * * *", lastJob: "123456789");
        Add("hr:odd", "0 4 * * *", lastJob: "no id");
        using (var connection = Storage.GetConnection())
        {
            using var transaction = connection.CreateWriteTransaction();
            transaction.AddToSet("recurring-jobs", "hr:gone", -1);
            transaction.AddToSet("other", "hr:other", 1);
            transaction.Commit();
        }

        var jobs = Storage.RecurringJobs();

        Assert.Equal(["crm:a", "hr:b", "hr:gone", "hr:never", "hr:odd", "hr:old"], jobs.Select(static job => job.Id));
        Assert.Equal(
            ["0 2 * * *", "0 3 * * *", null, "0 4 * * *", "0 4 * * *", "0 4 * * *"],
            jobs.Select(static job => job.Fields.GetValueOrDefault("Cron")));
        Assert.Empty(jobs[2].Fields);
        Assert.Equal(["Enqueued", "Failed", null, null, null, null], jobs.Select(static job => job.LastJobState?.Name));
        Assert.Equal("no", jobs[1].LastJobState!.Data["ExceptionMessage"]);
        using var reader = (JobStorageConnection)Storage.GetConnection();
        Assert.Equal(reader.GetAllEntriesFromHash("recurring-job:hr:b"), jobs[1].Fields);
    }

    private protected void Add(string id, string cron, string? lastJob)
    {
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.AddToSet("recurring-jobs", id, 1);
        transaction.SetRangeInHash(
            $"recurring-job:{id}", new Dictionary<string, string> { ["Cron"] = cron, ["LastJobId"] = lastJob ?? "" });
        transaction.Commit();
    }
}
