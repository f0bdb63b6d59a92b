using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Globex.Billing;

public sealed record ImportTariffs(string Carrier, string Password);

public sealed class ImportTariffsJob : IJob<ImportTariffs>
{
    public async Task<JobResult> ExecuteAsync(ImportTariffs args, IJobContext ctx, CancellationToken ct = default)
    {
        for (var zone = 1; zone <= 8; zone++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            ctx.ReportProgress(zone * 100 / 8.0, $"Zone {zone} of 8");
            ctx.Logger.LogInformation("{Carrier}: zone {Zone} has {Count} rates", args.Carrier, zone, 12 + zone);
        }
        return JobResult.Success(output: new { args.Carrier, Zones = 8 });
    }
}
