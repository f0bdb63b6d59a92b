using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Shop;

public sealed record ResizeImage(string File, int Width);

/// <summary>A TIFF crashes the process, as a fault in a native library does. The job becomes Failed after three crashes.</summary>
public sealed class ResizeImageJob : IJob<ResizeImage>
{
    public async Task<JobResult> ExecuteAsync(ResizeImage args, IJobContext ctx, CancellationToken ct = default)
    {
        ctx.Logger.LogInformation("Reading {File}", args.File);
        await Task.Delay(Random.Shared.Next(50, 150), ct);
        if (args.File.EndsWith(".tiff", StringComparison.Ordinal))
            Environment.FailFast($"libtiff: heap corruption in {args.File}");
        return JobResult.Success(output: new { args.File, Bytes = Random.Shared.Next(20_000, 90_000) });
    }
}
