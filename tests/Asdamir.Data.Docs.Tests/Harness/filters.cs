using System.Diagnostics;
using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Hangfire.Server;

//<example 1>

public sealed class IdleJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        //<example 2>
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<IdleJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        await ExampleContext.WaitForSuccessAsync(jobs, jobs.Enqueue<IdleJob>());
    }
}
