using System.Globalization;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Storage;

namespace StorageComparison;

/// <summary>
/// What operators ask, with a million finished and a hundred thousand failed jobs of twenty apps, beside what Hangfire.PostgreSql can be
/// asked.
/// </summary>
internal static class Monitoring
{
    public static void Run(Options options, int finished)
    {
        var failed = finished / 10;
        using var ours = (PostgreSqlJobStorage)Candidate.Of(Candidate.PostgreSql, options.ConnectionString, "").Open();
        ours.GetMonitoringApi().GetStatistics();
        var theirs = Candidate.Of(Candidate.HangfirePostgreSql, options.ConnectionString, "").Open();
        Console.WriteLine($"Writing {finished:N0} succeeded and {failed:N0} failed jobs into both …");
        RetainedJobs.WriteOurs(options.ConnectionString, Candidate.OurSchema, finished, failed, 0);
        RetainedJobs.WriteTheirs(options.ConnectionString, Candidate.TheirSchema, finished, failed);

        Console.WriteLine("| question | storage | median ms | p99 ms |\n|---|---|---:|---:|");
        Answer.Print(Candidate.HangfirePostgreSql, AskHangfires(theirs));
        Answer.Print(Candidate.PostgreSql, AskOurs(ours));
        Page(ours);
    }

    public static List<Answer> AskOurs(PostgreSqlJobStorage storage) =>
    [
        .. AskHangfires(storage),
        Answer.To("failed jobs, newest", () => storage.Find(new JobQuery { State = "Failed" })),
        Answer.To("failed jobs of an app", () => storage.Find(new JobQuery { State = "Failed", Queue = "app7" })),
        Answer.To("succeeded jobs of an app, oldest", () =>
            storage.Find(new JobQuery { State = "Succeeded", Queue = "app7", OldestFirst = true })),
        Answer.To("runs of a job in all states", () => storage.Find(new JobQuery { Name = "Job13" })),
        Answer.To("runs of an app in a time range", () =>
            storage.Find(new JobQuery { Queue = "app3", From = DateTime.UtcNow.AddMinutes(-50), To = DateTime.UtcNow.AddMinutes(-45) })),
        Answer.To(
            "text that nobody wrote, 10,000 jobs looked at", () => storage.Find(new JobQuery { State = "Succeeded", Text = "nowhere" })),
        Answer.To("all jobs, newest", () => storage.Find(new JobQuery())),
        Answer.To("count of an app's failed, up to 10,000", () => storage.Count(new JobQuery { State = "Failed", Queue = "app7" }, 10_000)),
        Answer.To("count of all succeeded, up to 10,000", () => storage.Count(new JobQuery { State = "Succeeded" }, 10_000)),
        Answer.To("top failing jobs", () => storage.TopFailures(null, DateTime.UtcNow.AddDays(-1), 10)),
        Answer.To("top failing jobs of an app", () => storage.TopFailures("app7", DateTime.UtcNow.AddDays(-1), 10)),
        Answer.To("queues", () => storage.Queues()),
        Answer.To("180 points of a chart", () =>
            storage.Counters(
                [.. Enumerable.Range(0, 180).Select(static i => string.Create(CultureInfo.InvariantCulture, $"runs:app7:Failed:{i}"))])),
    ];

    private static List<Answer> AskHangfires(JobStorage storage)
    {
        var monitoring = storage.GetMonitoringApi();
        return
        [
            Answer.To("Hangfire: statistics", () => monitoring.GetStatistics()),
            Answer.To("Hangfire: succeeded, first page", () => monitoring.SucceededJobs(0, 50)),
            Answer.To("Hangfire: failed, first page", () => monitoring.FailedJobs(0, 50)),
            Answer.To("Hangfire: one job", () => monitoring.JobDetails("4711")),
        ];
    }

    private static void Page(PostgreSqlJobStorage storage)
    {
        string? after = null;
        long before = 0;
        for (var page = 1; page <= 400; page++)
        {
            after = storage.Find(new JobQuery { State = "Succeeded", Size = 200, After = after }).Next;
            if (page == 50)
                before = GC.GetTotalMemory(forceFullCollection: true);
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Paging on from page 50 to 400 (of 200 jobs) left {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0:F0} "
                    + $"KB more on the heap."));
    }
}
