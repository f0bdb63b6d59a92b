using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Kit;
using Microsoft.Extensions.Configuration;

namespace Recovery;

/// <summary>Notes where and when it begins, and does not end in the process that meets the fault.</summary>
public sealed class Held(Ledger ledger, IConfiguration configuration) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var part = configuration["Part"];
        ledger.Write(string.Create(CultureInfo.InvariantCulture, $"{part} {ctx.JobId} {Stopwatch.GetTimestamp()}"));
        if (part == Trial.Victim)
            await Task.Delay(Timeout.Infinite, ct);
        return JobResult.Success();
    }
}
