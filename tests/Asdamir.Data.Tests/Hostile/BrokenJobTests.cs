using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;

namespace Asdamir.Data.Tests.Hostile;

public sealed class BrokenJobOnSqlite() : BrokenJobTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class BrokenJobOnPostgreSql() : BrokenJobTests(StorageKind.PostgreSql);

/// <summary>One broken row each, of those that once hid all others or stopped a queue. The random tests found them.</summary>
public abstract class BrokenJobTests(StorageKind kind) : MonitoringTests(kind)
{
    public static TheoryData<string, string, object> Rows => new()
    {
        { "job", "created_at", long.MaxValue },
        { "job", "created_at", long.MinValue },
        { "job", "expire_at", long.MaxValue },
        { "job", "state_at", long.MaxValue },
        { "job", "state_at", DBNull.Value },
        { "job", "locked_until", long.MaxValue },
        { "job", "parameters", "not json" },
        { "job", "parameters", "[1]" },
        { "job", "parameters", """{"a":"\ud800"}""" },
        { "job", "parameters", """{"a":"\u0000"}""" },
        { "job", "parameters", """{"Continuations":"[{\"JobId\":7}]"}""" },
        { "job", "arguments", """["\"IdleJob\"","\"{\\\"v\\\":1,\\\"args\\\":\\\"\\ud83d\\\"}\"",null,null]""" },
        { "job", "state_data", """{"EnqueueAt":"yesterday"}""" },
        { "job", "state_data", """{"EnqueueAt":"99999999999999999999"}""" },
        { "job", "state_data", """{"EnqueuedAt":"\ud800"}""" },
        { "job", "enqueued_at", long.MaxValue },
        { "job", "enqueued_at", DBNull.Value },
        { "job", "enqueued", "7" },
        { "job", "enqueued", "no data" },
        { "job", "started_at", long.MaxValue },
        { "job", "started", "7\tno separator" },
        { "state", "created_at", long.MaxValue },
        { "state", "data", """{"EnqueueAt":"soon"}""" },
        { "queue", "deliveries", long.MaxValue },
        { "queue", "added_at", long.MinValue },
        { "queue", "job_id", long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task ABrokenRow_HidesNoJob_AndHoldsUpNone(string table, string column, object value)
    {
        var crm = await StartAsync();
        var queued = crm.Jobs.Enqueue<IdleJob>();
        var delayed = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        await tables.ExecuteAsync($"UPDATE {tables.Name(table)} SET {column} = @value", ("@value", value));
        var sound = crm.Jobs.Enqueue<IdleJob>();

        foreach (var path in new[] { "/jobs", "/jobs?state=Scheduled", $"/jobs/{queued}", $"/jobs/{delayed}", "/queues", "/statistics" })
            Assert.Equal((HttpStatusCode.OK, path), ((await crm.AskAsync(path)).Status, path));
        Assert.InRange((int)(await crm.PostAsync($"/jobs/{delayed}/requeue")).Status, 200, 499);
        var worker = await StartAsync(configure: static options => options.RunServer = true);
        await worker.UntilAsync(sound, JobState.Succeeded);
    }

    [Fact]
    public async Task BrokenParameters_AreWrittenAnew_WhenTheJobIsRequeued()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        await tables.ExecuteAsync($"UPDATE {tables.Name("job")} SET parameters = 'not json'");

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{jobId}/requeue")).Status);

        var worker = await StartAsync(configure: static options => options.RunServer = true);
        await worker.UntilAsync(jobId, JobState.Succeeded);
    }

    [Fact]
    public async Task ABrokenServer_IsAServerWithoutQueues()
    {
        var crm = await StartAsync();
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        foreach (var data in new[] { "", "null", "{}", "[]", "{\"Queues\":7}" })
        {
            await tables.ExecuteAsync(
                $"INSERT INTO {tables.Name("server")} (id, data, started_at, heartbeat_at, lease_id) VALUES (@id, @data, 0, 0, 0)",
                ("@id", $"broken {data}"), ("@data", data));
        }

        Assert.Equal(5, crm.Storage.GetMonitoringApi().Servers().Count);
        Assert.Equal(HttpStatusCode.OK, (await crm.AskAsync("/servers")).Status);
    }

    [Fact]
    public async Task AnImpossibleCount_IsNotCounted()
    {
        var crm = await StartAsync();
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        foreach (var (table, value) in new[]
        {
            ("counter", long.MaxValue), ("counter", long.MaxValue), ("counter_total", long.MinValue), ("counter", 7L)
        })
        {
            await tables.ExecuteAsync(
                $"INSERT INTO {tables.Name(table)} (key, value) VALUES ('stats:succeeded', @value)", ("@value", value));
        }

        Assert.Equal(7, (await crm.ReadAsync("/statistics")).Number("succeeded"));
        // The upkeep continues, too.
        await StartAsync(configure: static options => options.RunServer = true);
        await Until.TrueAsync(
            async () => (await tables.QueryAsync($"SELECT 1 FROM {tables.Name("counter")} WHERE value > 1000")).Count == 0,
            "the counters are folded");
        Assert.Equal(7, (await crm.ReadAsync("/statistics")).Number("succeeded"));
    }

    [Fact]
    public async Task AJobWithABrokenListOfContinuations_IsRefusedWithAReason_WhenItShallBeDeleted()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);
        using (var connection = crm.Storage.GetConnection())
            connection.SetJobParameter(jobId, "Continuations", "[{");

        var refusal = (await crm.PostAsync($"/jobs/{jobId}/delete")).Problem(HttpStatusCode.Conflict);

        Assert.Contains("its stored data is corrupt", refusal, StringComparison.Ordinal);
    }
}
