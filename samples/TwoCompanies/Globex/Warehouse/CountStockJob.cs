using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Globex.Warehouse;

[RecurringJob("*/3 * * * *", Id = "count-stock", TimeZone = "America/New_York", Misfire = MisfirePolicy.Skip)]
[ExclusiveJob]
public sealed class CountStockJob : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        List<Exception> faults = [];
        for (var aisle = 'A'; aisle <= 'L'; aisle++)
        {
            ctx.ReportProgress((aisle - 'A') * 100 / 12.0, $"Aisle {aisle}");
            await Task.Delay(TimeSpan.FromSeconds(2), ct);
            if (Random.Shared.Next(20) == 0)
                faults.Add(new InvalidDataException($"Aisle {aisle}: the scanner says 0, the books say {Random.Shared.Next(10, 90)}."));
            else
                ctx.Logger.LogInformation("Aisle {Aisle} is counted", aisle);
        }
        return faults.Count == 0
            ? JobResult.Success(output: new { Aisles = 12 })
            : JobResult.PermanentFailure(new AggregateException("Some aisles could not be counted.", faults));
    }
}
