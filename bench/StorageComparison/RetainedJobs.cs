using Npgsql;

namespace StorageComparison;

/// <summary>Writes millions of jobs as the storages themselves would have written them: twenty apps, a hundred jobs.</summary>
internal static class RetainedJobs
{
    private const int Chunk = 500_000;
    private const string Succeeded = """{"SucceededAt":"1700000000000","PerformanceDuration":"3","Latency":"12"}""";
    private const string Ended = "735\t3\t12";
    private const string Enqueued = "735\tapp1";
    private const string Started = "7\tweb-1:4711:3f2504e0-4f89-11d3-9a0c-0305e82c3301\tclaim-4711.1";
    private const string Scheduled = """{"EnqueueAt":"4000000000000","ScheduledAt":"1700000000000"}""";
    private const string Failed = """{"FailedAt":"1700000000000","ExceptionType":"System.TimeoutException","ExceptionMessage":"The remote system did not answer","ExceptionDetails":"System.TimeoutException: The remote system did not answer\n   at Shop.Orders.InvoiceMailer.Run(Int32 id)"}""";

    public static void WriteOurs(string connectionString, string schema, int succeeded, int failed, int scheduled)
    {
        using var source = Open(connectionString);
        Run(source, $"""
            insert into {schema}.invocation (id, type, method, parameter_types)
            values (
                1, 'Shop.Orders.InvoiceMailer, Shop.Orders, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null', 'Run',
                '["System.Int32"]')
            """);
        var start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000L - 3_600_000_000L;
        foreach (var (from, to, state, data) in Parts(succeeded, failed, scheduled))
        {
            var hasEnded = state == "Succeeded";
            Run(source, $"""
                insert into {schema}.job (
                    id, version, created_at, expire_at, queue, name, state, state_at, state_data,
                    enqueued_at, enqueued, started_at, started, job_queue, invocation_id, arguments, parameters)
                select
                    id, 3, t, {(hasEnded ? "t + 2592000000000" : "null")}, 'app' || id % 20, 'Job' || id % 100, '{state}', t,
                    '{(hasEnded ? Ended : data)}',
                    {(hasEnded ? $"t, '{Enqueued}', t, '{Started}'" : "null, null, null, null")},
                    'app' || id % 20, 1, '["' || id || '"]', '{"{}"}'
                from (select id, {start} + id * 500 as t from generate_series({from}::bigint, {to}) as id) as jobs
                """);
            if (hasEnded)
                continue;
            Run(source, $"""
                insert into {schema}.state (job_id, name, created_at, data)
                select id, name, {start} + id * 500, '{data}' from generate_series({from}::bigint, {to}) as id, (values ('Enqueued'), ('Processing'), ('{state}')) as names (name)
                """);
        }
        var total = succeeded + failed + scheduled;
        if (scheduled > 0)
        {
            Run(
                source,
                $"insert into {schema}.set_item (key, value, score) select 'schedule', 'app' || id % 20 || ':' || id, "
                    + $"4000000000 + id from generate_series({total - scheduled + 1}::bigint, {total}) as id");
        }
        Run(source, $"select setval('{schema}.job_id', {total + 1_000})");
        foreach (var table in new[] { "job", "state", "set_item" })
            Run(source, $"vacuum analyze {schema}.{table}");
        Run(source, "checkpoint");
    }

    public static void WriteTheirs(string connectionString, string schema, int succeeded, int failed)
    {
        using var source = Open(connectionString);
        foreach (var (from, to, state, data) in Parts(succeeded, failed, 0))
        {
            Run(source, $$"""
                insert into {{schema}}.job (id, stateid, statename, invocationdata, arguments, createdat, expireat)
                select id, id * 3, '{{state}}', '{"Type":"System.Console, System.Console","Method":"WriteLine","Arguments":"[]","ParameterTypes":"[]","Queue":"app1"}', '[]', now(), now() + interval '30 days'
                from generate_series({{from}}, {{to}}) as id
                """);
            Run(source, $"""
                insert into {schema}.state (id, jobid, name, createdat, data)
                select id * 3 - place, id, name, now(), '{data}' from generate_series({from}, {to}) as id, (values ('Enqueued', 2), ('Processing', 1), ('{state}', 0)) as names (name, place)
                """);
        }
        foreach (var table in new[] { "job", "state" })
            Run(source, $"vacuum analyze {schema}.{table}");
        Run(source, "checkpoint");
    }

    private static IEnumerable<(int From, int To, string State, string Data)> Parts(int succeeded, int failed, int scheduled)
    {
        var id = 1;
        foreach (var (count, state, data) in new[]
        {
            (succeeded, "Succeeded", Succeeded), (failed, "Failed", Failed), (scheduled, "Scheduled", Scheduled)
        })
        {
            for (var left = count; left > 0; left -= Chunk)
            {
                var size = Math.Min(left, Chunk);
                yield return (id, id + size - 1, state, data);
                id += size;
            }
        }
    }

    private static NpgsqlDataSource Open(string connectionString) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 });

    private static void Run(NpgsqlDataSource source, string sql)
    {
        using var command = source.CreateCommand(sql);
        command.ExecuteNonQuery();
    }
}
