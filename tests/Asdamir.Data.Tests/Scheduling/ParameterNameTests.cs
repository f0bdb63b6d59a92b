using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>An argument exception names the parameter that the caller has to correct.</summary>
public sealed class ParameterNameTests
{
    [Fact]
    public async Task Calls_NameTheWrongParameter()
    {
        await using var host = await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>().AddJob<TextJob>());
        var jobs = host.Jobs;

        AssertNames("cron", () => jobs.AddOrUpdateRecurring<IdleJob>("often"));
        AssertNames("cron", () => jobs.AddOrUpdateRecurring<IdleJob>(null!));
        AssertNames("options", () => jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = " x" }));
        AssertNames("options", () => jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { TimeZone = "Europe/Atlantis" }));
        AssertNames(
            "options", () => jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { TimeZone = "W. Europe Standard Time" }));
        AssertNames("options", () => jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { TimeZone = null! }));
        AssertNames("options", () => jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Misfire = (MisfirePolicy)99 }));
        AssertNames("args", () => jobs.AddOrUpdateRecurring<TextJob, string>(null!, "@daily"));
        AssertNames("parentJobId", () => jobs.ContinueWith<IdleJob>(null!));
        AssertNames("options", () => jobs.ContinueWith<IdleJob>("no such job"));
        AssertNames("options", () => jobs.ContinueWith<IdleJob>(jobs.Enqueue<IdleJob>(), (ContinueOn)99));
        AssertNames("args", () => jobs.Enqueue<TextJob, string>(null!));
        AssertNames("args", () => jobs.EnqueueMany<TextJob, string>(null!));
        AssertNames("args", () => jobs.EnqueueMany<TextJob, string>(["a", null!]));
        AssertNames("jobId", () => jobs.Delete(null!));
        AssertNames("jobId", () => jobs.Requeue(null!));
        AssertNames("jobId", () => jobs.Find(null!));
        AssertNames("id", () => jobs.TriggerRecurring(null!));
    }

    private static void AssertNames(string parameter, Action call) =>
        Assert.Equal(parameter, Assert.ThrowsAny<ArgumentException>(call).ParamName);

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class TextJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
