using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.Storage;
using Npgsql;

namespace StorageComparison;

/// <summary>Our PostgreSQL storage with millions of retained runs beside the same on empty tables.</summary>
internal static class Growth
{
    private const string Schema = "bench_ours";

    public static void Run(Options options, int finished, int scheduled)
    {
        var candidate = Candidate.Of(Candidate.PostgreSql, options.ConnectionString, "");
        List<double> empty = [], full = [];
        for (var round = 0; round <= options.Rounds; round++)
        {
            using var storage = (PostgreSqlJobStorage)candidate.Open();
            var figure = Measurements.Process(storage, options.Jobs, options.Workers);
            if (round > 0)
                empty.Add(figure);
        }

        using var grown = (PostgreSqlJobStorage)candidate.Open();
        grown.GetMonitoringApi().GetStatistics();
        Console.WriteLine($"Writing {finished:N0} succeeded and {scheduled:N0} scheduled runs …");
        Fill(options.ConnectionString, finished, scheduled);
        for (var round = 0; round <= options.Rounds; round++)
        {
            var figure = Measurements.Process(grown, options.Jobs, options.Workers);
            if (round > 0)
                full.Add(figure);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"process: {Median(empty):F0}/s empty, {Median(full):F0}/s full, ratio {Median(full) / Median(empty):F2}"));

        var monitoring = grown.GetMonitoringApi();
        foreach (var (what, ask) in new (string, Action)[]
        {
            ("statistics", () => monitoring.GetStatistics()),
            ("succeeded, first page", () => monitoring.SucceededJobs(0, 20)),
            ("scheduled, first page", () => monitoring.ScheduledJobs(0, 20)),
            ("search: state", () => grown.Find(new JobQuery { State = "Succeeded" })),
            ("search: queue and state", () => grown.Find(new JobQuery { State = "Succeeded", Queue = "app7" })),
            ("search: name", () => grown.Find(new JobQuery { Name = "Job13" })),
            ("search: text in 10,000 runs", () => grown.Find(new JobQuery { State = "Succeeded", Text = "nowhere" })),
            ("search: all states", () => grown.Find(new JobQuery())),
            ("count up to 10,000", () => grown.Count(new JobQuery { State = "Succeeded", Queue = "app7" }, 10_000)),
        })
        {
            ask();
            var times = Enumerable.Range(0, 30).Select(_ =>
            {
                var clock = Stopwatch.StartNew();
                ask();
                return clock.Elapsed.TotalMilliseconds;
            }).Order().ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-30} median {times[15],7:F1} ms, slowest {times[^1],7:F1} ms"));
        }
        using var source = NpgsqlDataSource.Create(options.ConnectionString);
        using var sizes = source.CreateCommand(
            $"select relname, pg_total_relation_size(relid) / 1048576, n_live_tup, n_dead_tup from pg_stat_user_tables where schemaname = '{Schema}' order by 2 desc limit 4");
        using var row = sizes.ExecuteReader();
        while (row.Read())
            Console.WriteLine($"{row.GetString(0),-12} {row.GetInt64(1),7:N0} MB, {row.GetInt64(2):N0} rows, {row.GetInt64(3):N0} dead");
    }

    // As the storage would have written them, with twenty apps and a hundred jobs.
    private static void Fill(string connectionString, int finished, int scheduled)
    {
        using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 });
        for (var from = 0; from < finished; from += 500_000)
        {
            Write(source, from + 1, Math.Min(from + 500_000, finished), "Succeeded", """{"SucceededAt":"1700000000000","PerformanceDuration":"3","Latency":"12"}""");
            Console.WriteLine($"  {Math.Min(from + 500_000, finished):N0}");
        }
        Write(source, finished + 1, finished + scheduled, "Scheduled", """{"EnqueueAt":"4000000000000","ScheduledAt":"1700000000000"}""");
        foreach (var sql in new[]
        {
            $"insert into {Schema}.set_item (key, value, score) select 'schedule', 'app' || id % 20 || ':' || id, 4000000000 + id from generate_series({finished + 1}, {finished + scheduled}) as id",
            $"select setval('{Schema}.job_id', {finished + scheduled + 1000})",
            $"vacuum analyze {Schema}.job", $"vacuum analyze {Schema}.state", $"vacuum analyze {Schema}.set_item", "checkpoint",
        })
        {
            using var command = source.CreateCommand(sql);
            command.ExecuteNonQuery();
        }
    }

    private static void Write(NpgsqlDataSource source, int from, int to, string state, string data)
    {
        foreach (var sql in new[]
        {
            $"""
            insert into {Schema}.job (id, version, created_at, expire_at, queue, name, state, state_at, state_data, job_queue, type, method, parameter_types, arguments, parameters)
            select id, 3, t, {(state == "Succeeded" ? "t + 86400000000 * 30" : "null")}, 'app' || id % 20, 'Job' || id % 100, '{state}', t, '{data}', 'app' || id % 20,
                'Shop.Orders.InvoiceMailer, Shop.Orders, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null', 'Run', '["System.Int32"]', '["' || id || '"]', '{"{}"}'
            from (select id, {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000L} - 3600000000 + id * 500 as t from generate_series({from}, {to}) as id) as runs
            """,
            $"""
            insert into {Schema}.state (job_id, name, created_at, data)
            select id, name, 0, '{data}' from generate_series({from}, {to}) as id, (values ('Enqueued'), ('Processing'), ('{state}')) as names (name)
            """,
        })
        {
            using var command = source.CreateCommand(sql);
            command.ExecuteNonQuery();
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
