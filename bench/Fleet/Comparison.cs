using BenchKit;
using Fleet.Systems;

namespace Fleet;

/// <summary>All systems in turns; tables in Markdown.</summary>
internal static class Comparison
{
    private const int Asked = 500;
    private const int AskedTooMany = 1_500;
    private const int Apps = 5;

    public static async Task RunAsync(BenchServer server, Options options)
    {
        await Pgbench.PrepareAsync(server);
        var rates = new List<double>();
        var idle = new Rounds<(string System, int Processes), IdleFigures>();
        var loads = new Rounds<(string System, int Apps, string Asked), LoadFigures>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            rates.Add(await Pgbench.MeasureAsync(server, Apps, options.Time));
            Console.Error.WriteLine($"{round}/{options.Rounds} pgbench: {rates[^1]:N0} transactions a second");
            foreach (var system in options.Systems)
            {
                foreach (var processes in options.Idle)
                {
                    idle.Add(
                        (system, processes),
                        Note(await IdleFigures.MeasureAsync(server, system, processes, options), system, $"{processes} idle"));
                }
                await MeasureAsync(system, 1, Asked, $"{Asked:N0}");
                await MeasureAsync(system, Apps, Asked, $"{Asked:N0}");
                var most = await MeasureAsync(system, Apps, AskedTooMany, $"{AskedTooMany:N0}");
                await MeasureAsync(system, Apps, most / 2, "half of the maximum");
            }

            async Task<double> MeasureAsync(string system, int apps, double perSecond, string asked)
            {
                var figures = Note(
                    await LoadFigures.MeasureAsync(server, system, apps, perSecond, options), system, $"{apps} apps, {asked} jobs/s");
                loads.Add((system, apps, asked), figures);
                return figures.PerSecond;
            }

            T Note<T>(T figures, string system, string what)
            {
                Console.Error.WriteLine($"{round}/{options.Rounds} {system}, {what}: {figures}");
                return figures;
            }
        }
        PrintIdle(idle);
        PrintLoads(loads, rates.Median());
    }

    private static void PrintIdle(Rounds<(string System, int Processes), IdleFigures> idle)
    {
        Console.WriteLine(
            "\n| system | idle worker processes | transactions/s | PostgreSQL, % of a core | each worker process, "
                + "% of a core |\n|---|---:|---:|---:|---:|");
        foreach (var ((system, processes), rounds) in idle)
        {
            var median = IdleFigures.MedianOf(rounds);
            Console.WriteLine(
                $"| {JobSystems.NameOf(system)} | {processes} | {median.Transactions:F1} | {median.PostgreSql:F1} | {median.Worker:F1} |");
        }
    }

    private static void PrintLoads(Rounds<(string System, int Apps, string Asked), LoadFigures> loads, double pgbench)
    {
        Console.WriteLine($"""

            `pgbench -N -M prepared -c {Apps}` in the same run: {pgbench:N0} transactions a second.

            | system | apps | jobs/s asked in all | jobs/s begun | part of pgbench | transactions a job | ms of processor a job: PostgreSQL, worker, enqueuer | pick-up from the call's return: p50, p99 ms | from the call: p50, p99 ms |
            |---|---:|---|---:|---:|---:|---|---|---|
            """);
        foreach (var ((system, apps, asked), rounds) in loads)
        {
            var median = LoadFigures.MedianOf(rounds);
            Console.WriteLine(
                $"| {JobSystems.NameOf(system)} | {apps} | {asked} | {median.PerSecond:N0} | {median.PerSecond / pgbench:F2} | "
                + $"{median.Transactions:F1} | {median.PostgreSql:F1}, {median.Worker:F1}, {median.Enqueuer:F1} | {median.P50:N1}, "
                + $"{median.P99:N1} | {median.P50FromCall:N1}, {median.P99FromCall:N1} |");
        }
    }
}
