using System.Diagnostics;
using BenchKit;

namespace Fleet;

/// <summary>What apps reached, and what a job took, over some seconds.</summary>
internal sealed record LoadFigures(
    double PerSecond, double Transactions, double PostgreSql, double Worker, double Enqueuer, double P50, double P99, double P50FromCall,
    double P99FromCall)
{
    /// <param name="after">Called at the end, while the processes are there.</param>
    public static async Task<LoadFigures> MeasureAsync(
        BenchServer server, string system, int apps, double perSecond, Options options, Func<Apps, int, Task>? after = null)
    {
        await using var running = await Apps.StartAsync(server, system, apps, perSecond, options.AreTogether);
        await running.BeginAsync();
        await Task.Delay(options.WarmUp);
        if (after is not null)
            await server.ResetStatementsAsync();
        var first = await running.CostsAsync();
        await Task.Delay(options.Time);
        var last = await running.CostsAsync();
        List<BegunJob> jobs = [.. running.Jobs().Where(job => job.Begun >= first.At && job.Begun < last.At)];
        if (after is not null)
            await after(running, jobs.Count);
        return new LoadFigures(
            jobs.Count / Stopwatch.GetElapsedTime(first.At, last.At).TotalSeconds,
            ForJob(last.Transactions - first.Transactions),
            ForJob((last.PostgreSql - first.PostgreSql) * 1_000),
            ForJob((last.Workers - first.Workers) * 1_000),
            ForJob((last.Enqueuers - first.Enqueuers) * 1_000),
            jobs.Select(static job => job.MillisecondsFromReturn).Median(),
            jobs.Select(static job => job.MillisecondsFromReturn).Percentile(99),
            jobs.Select(static job => job.MillisecondsFromCall).Median(),
            jobs.Select(static job => job.MillisecondsFromCall).Percentile(99));

        double ForJob(double all) => all / Math.Max(jobs.Count, 1);
    }

    /// <summary>Of each figure the median.</summary>
    public static LoadFigures MedianOf(IReadOnlyCollection<LoadFigures> rounds)
    {
        return new LoadFigures(
            Of(static round => round.PerSecond), Of(static round => round.Transactions), Of(static round => round.PostgreSql),
            Of(static round => round.Worker),
            Of(static round => round.Enqueuer), Of(static round => round.P50), Of(static round => round.P99),
            Of(static round => round.P50FromCall),
            Of(static round => round.P99FromCall));

        double Of(Func<LoadFigures, double> figure) => rounds.Select(figure).Median();
    }
}
