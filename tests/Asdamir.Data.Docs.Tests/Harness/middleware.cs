using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public interface IAlarm
{
    Task RaiseAsync(string text);
}

public sealed class Alarm : IAlarm
{
    public List<string> Raised { get; } = [];

    public Task RaiseAsync(string text)
    {
        Raised.Add(text);
        return Task.CompletedTask;
    }
}

public interface IAudited;

public sealed class AuditMiddleware(IAlarm alarm) : IJobMiddleware
{
    public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
    {
        await alarm.RaiseAsync($"audited {execution.JobType.Name}");
        return await next();
    }
}

//<example 1>

public sealed class FailingJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new TimeoutException("no answer");
}

public sealed class AuditedJob : IJob, IAudited
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        Alarm alarm = new();
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Retry:BaseDelay"] = "00:00:00";
        builder.Configuration["HangfireJobs:Retry:Attempts"] = "1";
        builder.Services.AddSingleton<IAlarm>(alarm);
        //<example 2>
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<FailingJob>().AddJob<AuditedJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        await ExampleContext.WaitForSuccessAsync(jobs, jobs.Enqueue<AuditedJob>());
        var failing = jobs.Enqueue<FailingJob>();
        await Kit.Until.TrueAsync(() => jobs.Find(failing)?.State == JobState.Failed, "the job has failed");

        Xunit.Assert.Equal(["audited AuditedJob", $"FailingJob {failing}: no answer"], alarm.Raised);
    }
}
