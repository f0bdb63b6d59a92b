using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Globex.Warehouse;

public sealed record ReplenishShelf(string Shelf);

/// <summary>Delayed by a minute and a half. No forklift drives to aisle L.</summary>
public sealed class ReplenishShelfJob : IJob<ReplenishShelf>
{
    private static readonly Dictionary<char, string> Forklifts =
        "ABCDEFGHIJK".ToDictionary(static aisle => aisle, static aisle => $"F{((aisle - 'A') / 4) + 1}");

    public async Task<JobResult> ExecuteAsync(ReplenishShelf args, IJobContext ctx, CancellationToken ct = default)
    {
        var forklift = Forklifts[args.Shelf[0]];
        await Task.Delay(Random.Shared.Next(100, 300), ct);
        return JobResult.Success(output: new { args.Shelf, Forklift = forklift });
    }
}
