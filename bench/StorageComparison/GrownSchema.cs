using System.Diagnostics;
using Asdamir.Data.Storage;
using Hangfire;
using Npgsql;

namespace StorageComparison;

/// <summary>A schema with retained jobs: one of a hundred has failed, one of ten is scheduled, the others succeeded.</summary>
internal sealed class GrownSchema : IDisposable
{
    private const int Pickups = 100;

    private readonly List<(double PerSecond, double WalBytes)> _processed = [];
    private readonly string _connectionString;
    private readonly string _schema;
    private readonly NpgsqlDataSource _source;
    private readonly Candidate _candidate;
    private readonly PostgreSqlJobStorage _storage;

    public GrownSchema(string connectionString, int jobs)
    {
        _connectionString = connectionString;
        Jobs = jobs;
        _schema = $"bench_{jobs}";
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 });
        _candidate = Candidate.Of(Candidate.PostgreSql, connectionString, "", _schema);
        _storage = (PostgreSqlJobStorage)_candidate.Open();
        _storage.GetMonitoringApi().GetStatistics();
        var clock = Stopwatch.StartNew();
        RetainedJobs.WriteOurs(connectionString, _schema, jobs - (jobs / 100) - (jobs / 10), jobs / 100, jobs / 10);
        Megabytes = Number(
            $"select sum(pg_total_relation_size(relid)) from pg_stat_user_tables where schemaname = '{_schema}'") / 1048576.0;
        Console.WriteLine($"{jobs:N0} jobs written in {clock.Elapsed.TotalSeconds:N0} s");
    }

    public int Jobs { get; }

    /// <summary>Tables and indexes, before anything is measured.</summary>
    public double Megabytes { get; }

    public double PerSecond => Median(static figure => figure.PerSecond);

    public double WalBytes => Median(static figure => figure.WalBytes);

    public Latency Pickup { get; } = new();

    /// <returns>How much faster it was than another size, the median of the rounds: what else the machine did in a round, both
    /// felt.</returns>
    public double RatioTo(GrownSchema other) =>
        _processed.Zip(other._processed, static (mine, others) => mine.PerSecond / others.PerSecond).Order()
            .ElementAt(_processed.Count / 2);

    public (double PerSecond, double WalBytes) Measure(int jobs, int workers, bool counts)
    {
        var before = Costs.Read(_connectionString).WalBytes;
        var perSecond = Measurements.Process(_storage, jobs, workers);
        var figure = (perSecond, (Costs.Read(_connectionString).WalBytes - before) / (double)jobs);
        // The last jobs of a measurement may be left over.
        Execute($"delete from {_schema}.queue");
        if (!counts)
            return figure;
        _processed.Add(figure);
        using var worker = new WorkerProcess(_candidate, _connectionString, workers: 20);
        Pickup.Ask(_storage, Pickups, () => worker.ReadJob()!.Value.Latency);
        return figure;
    }

    public List<Answer> Ask() => Monitoring.AskOurs(_storage);

    /// <summary>The largest tables, with the dead rows that the measurements left.</summary>
    public string Tables()
    {
        using var sizes = _source.CreateCommand($"""
            select string_agg(line, e'\n') from (
                select format('%s: %s MB and %s MB of indexes, %s rows, %s dead', relname, pg_table_size(relid) / 1048576, pg_indexes_size(relid) / 1048576, n_live_tup, n_dead_tup) as line
                from pg_stat_user_tables where schemaname = '{_schema}' order by pg_total_relation_size(relid) desc limit 4) as lines
            """);
        return (string)sizes.ExecuteScalar()!;
    }

    /// <summary>What the upkeep of one process does when jobs have expired.</summary>
    public (double PerSecond, double WalBytes) Expire(int jobs)
    {
        Execute(
            $"update {_schema}.job set expire_at = 1 where id in (select id from {_schema}.job where state = 'Succeeded' order by id "
                + $"limit {jobs})");
        Execute($"vacuum {_schema}.job");
        var before = Costs.Read(_connectionString).WalBytes;
        var clock = Stopwatch.StartNew();
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 1 }, _storage);
        while (Number($"select count(*) from (select from {_schema}.job where expire_at = 1 limit 1) as expired") > 0)
            Thread.Sleep(100);
        return (jobs / clock.Elapsed.TotalSeconds, (Costs.Read(_connectionString).WalBytes - before) / (double)jobs);
    }

    public void Dispose()
    {
        _storage.Dispose();
        _source.Dispose();
    }

    private double Median(Func<(double PerSecond, double WalBytes), double> figure) =>
        _processed.Select(figure).Order().ElementAt(_processed.Count / 2);

    private long Number(string sql)
    {
        using var command = _source.CreateCommand(sql);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Execute(string sql)
    {
        using var command = _source.CreateCommand(sql);
        command.ExecuteNonQuery();
    }
}
