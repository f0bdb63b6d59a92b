namespace Asdamir.Data.Analyzers.Tests;

public sealed class ScheduleAnalyzerTests
{
    [Fact]
    public async Task Schedules_ThatAreInvalidOrNeverFire_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            [RecurringJob("0 4 * * 1")]
            [RecurringJob("*/10 * * * * *", Id = "often", TimeZone = "Europe/Berlin")]
            [RecurringJob("@daily", Id = "daily")]
            [RecurringJob("0 0 29 2 *", Id = "leap")]
            [RecurringJob("", Id = "empty")] // ADJ0005
            [RecurringJob("61 * * * *", Id = "minute")] // ADJ0005
            [RecurringJob("0 0 31 2 *", Id = "never")] // ADJ0005
            [RecurringJob("H * * * *", Id = "hash")] // ADJ0005
            [RecurringJob("0 4 * * *", Id = "windows", TimeZone = "W. Europe Standard Time")] // ADJ0005
            public sealed class SweepJob : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }

            public sealed class Schedules(IHangfireJobService jobs)
            {
                public async Task AddAsync(string cron)
                {
                    jobs.AddOrUpdateRecurring<SweepJob>(cron);
                    jobs.AddOrUpdateRecurring<SweepJob>("0 4 * *"); // ADJ0005
                    await jobs.AddOrUpdateRecurringAsync<SweepJob>(
                        "0 4 * * 1-8", // ADJ0005
                        new RecurringOptions
                        {
                            TimeZone = "Romance Standard Time", // ADJ0005
                        });
                }
            }
            """);
    }
}
