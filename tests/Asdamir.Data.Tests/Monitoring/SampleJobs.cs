using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Monitoring;

internal sealed class IdleJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

internal sealed class OtherJob : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
}

internal sealed record Letter(string? Tenant);

/// <summary>Its storage has to observe limits.</summary>
[Limit("smtp", MaxRunning = 5)]
[Limit("per-tenant", MaxRunning = 1, Key = nameof(Letter.Tenant))]
internal sealed class LimitedJob(Probe probe) : IJob<Letter>
{
    public async Task<JobResult> ExecuteAsync(Letter args, IJobContext ctx, CancellationToken ct = default)
    {
        probe.Note("begun");
        await probe.GateAsync("end", ct);
        return JobResult.Success();
    }
}

internal sealed record Report(string Quarter, int Pages);

/// <summary>Reports progress, logs and has an output.</summary>
internal sealed class ReportJob : IJob<Report>
{
    public Task<JobResult> ExecuteAsync(Report args, IJobContext ctx, CancellationToken ct = default)
    {
        ctx.ReportProgress(50, "half of it");
        ctx.Logger.LogInformation("{Pages} pages", args.Pages);
        return Task.FromResult(JobResult.Success(output: new { args.Pages }));
    }
}

/// <summary>Fails with its argument as the message.</summary>
internal sealed class BadJob : IJob<string>
{
    public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
        throw new InvalidOperationException(args);
}
