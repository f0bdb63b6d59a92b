using System.Globalization;

namespace StorageComparison;

/// <summary>Our PostgreSQL storage with few and with millions of retained jobs, a schema for each size, in turns.</summary>
internal static class Growth
{
    private const int Expired = 100_000;

    public static void Run(Options options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var schemas = options.Growth.ConvertAll(jobs => new GrownSchema(options.ConnectionString, jobs));
        // The first round warms up.
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var schema in schemas)
            {
                var (perSecond, wal) = schema.Measure(options.Jobs, options.Workers, counts: round > 0);
                Console.WriteLine($"  {round}/{options.Rounds} {schema.Jobs,10:N0} jobs {perSecond,7:N0}/s, {wal:N0} bytes of WAL a job");
            }
        }
        var answers = schemas.ConvertAll(static schema => schema.Ask());

        Console.WriteLine(
            "\n| retained jobs | jobs per second | ratio | bytes of WAL a job | idle pick-up p50 ms | p99 ms | slowest question, "
                + "median ms | slowest p99 ms | MB on disk | MB a million |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (schema, asked) in schemas.Zip(answers))
        {
            Console.WriteLine($"| {schema.Jobs:N0} | {schema.PerSecond:N0} | {schema.RatioTo(schemas[0]):F2} | {schema.WalBytes:N0} | "
                + $"{schema.Pickup.Median:F1} | {schema.Pickup.P99:F1} | "
                + $"{asked.Max(static answer => answer.Median):F1} | {asked.Max(static answer => answer.P99):F1} | {schema.Megabytes:N0} | "
                    + $"{schema.Megabytes * 1e6 / schema.Jobs:N0} |");
        }
        Console.WriteLine(
            $"\n| question, median / p99 ms | {string.Join(" | ", schemas.Select(static schema => $"{schema.Jobs:N0}"))} "
                + $"|\n|---|{string.Concat(schemas.Select(static _ => "---:|"))}");
        for (var i = 0; i < answers[0].Count; i++)
            Console.WriteLine($"| {answers[0][i].Question} | {string.Join(" | ", answers.Select(asked => $"{asked[i].Median:F1} / {asked[i].P99:F1}"))} |");
        Console.WriteLine($"\n{schemas[^1].Tables()}");
        foreach (var schema in schemas.Where(static schema => schema.Jobs >= 2 * Expired))
        {
            var (perSecond, wal) = schema.Expire(Expired);
            Console.WriteLine($"{Expired:N0} of {schema.Jobs:N0} jobs expired: deleted at {perSecond:N0}/s, {wal:N0} bytes of WAL a job");
        }
        schemas.ForEach(static schema => schema.Dispose());
    }
}
