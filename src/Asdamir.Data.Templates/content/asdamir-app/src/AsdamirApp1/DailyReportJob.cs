using Asdamir.Data.HangfireJobs;

namespace AsdamirApp1;

/// <summary>Writes the report of the day, each night at two.</summary>
[RecurringJob("0 2 * * *", TimeZone = "UTC")]
public sealed class DailyReportJob(TimeProvider time) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        // A step that is done is not done again, when the job is executed again after a failure or a crash.
        var day = await ctx.StepAsync("choose the day", _ => Task.FromResult(time.GetUtcNow().UtcDateTime.Date.AddDays(-1)), ct);
        ctx.Logger.LogInformation("The report of {Day:yyyy-MM-dd} is written, attempt {Attempt}", day, ctx.Attempt);
        return JobResult.Success(output: new { Day = day });
    }
}
