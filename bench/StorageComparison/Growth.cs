using System.Globalization;
using Asdamir.Data.Storage;
using Npgsql;

namespace StorageComparison;

/// <summary>Our PostgreSQL storage with millions of retained runs beside the same on empty tables.</summary>
internal static class Growth
{
    public static void Run(Options options, int finished, int scheduled)
    {
        var candidate = Candidate.Of(Candidate.PostgreSql, options.ConnectionString, "");
        var empty = Process(options, () => candidate.Open());
        using var grown = (PostgreSqlJobStorage)candidate.Open();
        grown.GetMonitoringApi().GetStatistics();
        Console.WriteLine($"Writing {finished:N0} succeeded and {scheduled:N0} scheduled runs …");
        RetainedRuns.WriteOurs(options.ConnectionString, Candidate.OurSchema, finished, 0, scheduled);
        var full = Process(options, () => grown, keep: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"process: {empty:F0}/s empty, {full:F0}/s full, ratio {full / empty:F2}"));

        Console.WriteLine("| question | storage | median ms | p99 ms |\n|---|---|---:|---:|");
        Monitoring.AskOurs(grown);
        PrintSizes(options.ConnectionString);
    }

    private static double Process(Options options, Func<Hangfire.JobStorage> open, bool keep = false)
    {
        List<double> figures = [];
        for (var round = 0; round <= options.Rounds; round++)
        {
            var storage = open();
            var figure = Measurements.Process(storage, options.Jobs, options.Workers);
            if (!keep)
                ((IDisposable)storage).Dispose();
            // The first round warms up.
            if (round > 0)
                figures.Add(figure);
        }
        return figures.Order().ElementAt(figures.Count / 2);
    }

    private static void PrintSizes(string connectionString)
    {
        using var source = NpgsqlDataSource.Create(connectionString);
        using var sizes = source.CreateCommand(
            $"select relname, pg_total_relation_size(relid) / 1048576, n_live_tup, n_dead_tup from pg_stat_user_tables where schemaname = '{Candidate.OurSchema}' order by 2 desc limit 4");
        using var row = sizes.ExecuteReader();
        while (row.Read())
            Console.WriteLine($"{row.GetString(0),-12} {row.GetInt64(1),7:N0} MB, {row.GetInt64(2):N0} rows, {row.GetInt64(3):N0} dead");
    }
}
