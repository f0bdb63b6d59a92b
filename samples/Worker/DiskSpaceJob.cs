using Asdamir.Data.HangfireJobs;

namespace Worker;

/// <summary>Reports the free space of the disk, when the app starts and every five minutes.</summary>
[RecurringJob("*/5 * * * *")]
public sealed class DiskSpaceJob(IHostEnvironment environment) : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        var drive = new DriveInfo(Path.GetFullPath(environment.ContentRootPath));
        var freePercent = 100 * drive.AvailableFreeSpace / drive.TotalSize;
        ctx.Logger.LogInformation("{FreePercent} % of {Drive} are free", freePercent, drive.Name);
        return Task.FromResult(JobResult.Success(output: new { FreePercent = freePercent }));
    }
}
