using System.Diagnostics;
using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Globex.Warehouse;

public sealed record PrintLabels(string Printer, int Labels);

/// <summary>
/// The driver leaks memory, so the system kills the process after three minutes. The job is executed again in a new process.
/// </summary>
public sealed class PrintLabelsJob : IJob<PrintLabels>
{
    public async Task<JobResult> ExecuteAsync(PrintLabels args, IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(Random.Shared.Next(100, 600), ct);
        using var process = Process.GetCurrentProcess();
        if (DateTime.Now - process.StartTime > TimeSpan.FromMinutes(3))
            process.Kill();
        return JobResult.Success(output: new { args.Printer, args.Labels });
    }
}
