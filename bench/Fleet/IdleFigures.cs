using System.Diagnostics;
using BenchKit;

namespace Fleet;

/// <summary>What idle worker processes take: transactions a second, and percent of a core.</summary>
internal sealed record IdleFigures(double Transactions, double PostgreSql, double Worker)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static async Task<IdleFigures> MeasureAsync(
        BenchServer server, string system, int processes, Options options, Func<Apps, Task>? after = null)
    {
        await using var running = await Apps.StartAsync(server, system, processes, perSecond: 0);
        await Task.Delay(WarmUp);
        if (after is not null)
            await server.ResetStatementsAsync();
        var first = await running.CostsAsync();
        await Task.Delay(options.IdleTime);
        var last = await running.CostsAsync();
        if (after is not null)
            await after(running);
        var seconds = Stopwatch.GetElapsedTime(first.At, last.At).TotalSeconds;
        return new IdleFigures(
            (last.Transactions - first.Transactions) / seconds,
            (last.PostgreSql - first.PostgreSql) / seconds * 100,
            (last.Workers - first.Workers) / seconds / processes * 100);
    }

    public static IdleFigures MedianOf(IReadOnlyCollection<IdleFigures> rounds) => new(
        rounds.Select(static round => round.Transactions).Median(),
        rounds.Select(static round => round.PostgreSql).Median(),
        rounds.Select(static round => round.Worker).Median());
}
