using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Shop;

/// <summary>Takes a while, reports its progress, and writes a log.</summary>
public sealed class SyncInventoryJob : IJob
{
    private static readonly string[] Warehouses = ["Hamburg", "Leipzig", "Rotterdam", "Lyon", "Milan"];

    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        var changed = 0;
        for (var i = 0; i < Warehouses.Length; i++)
        {
            ctx.ReportProgress(100.0 * i / Warehouses.Length, $"Reading {Warehouses[i]}");
            await Task.Delay(TimeSpan.FromSeconds(4), ct);
            var articles = Random.Shared.Next(0, 40);
            changed += articles;
            ctx.Logger.Log(
                articles == 0 ? LogLevel.Warning : LogLevel.Information,
                "{Warehouse}: {Count} articles have changed", Warehouses[i], articles);
        }
        ctx.ReportProgress(100, "All warehouses are read");
        return JobResult.Success(output: new { Changed = changed });
    }
}
