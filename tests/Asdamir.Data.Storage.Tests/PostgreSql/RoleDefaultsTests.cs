using System.Diagnostics;
using Asdamir.Data.Storage.Conformance;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>Roles whose defaults suit people, and not the storage.</summary>
[NeedsPostgreSql]
public sealed class RoleDefaultsTests(StorageServer server)
{
    [Theory]
    [InlineData("serializable", true)]
    [InlineData("serializable", false)]
    [InlineData("repeatable read", true)]
    [InlineData("repeatable read", false)]
    public async Task Jobs_RunWithoutAWarning_WhenTheDefaultIsolationIsStrict(string isolation, bool prepare)
    {
        const int Threads = 6, Each = 25;
        WarningLog.Start();
        var address = AddressOf(NewRole($"default_transaction_isolation = '{isolation}'"));
        var schema = server.NewSchema();
        var tag = $"{Guid.NewGuid():N}";
        using var one = Open(address, schema, prepare);
        using var other = Open(address, schema, prepare);
        using var oneServer = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 5 }, one);
        using var otherServer = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 5 }, other);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(i => Task.Run(() =>
        {
            var client = new BackgroundJobClient(i % 2 == 0 ? one : other);
            for (var j = 0; j < Each; j++)
                client.Create(Job.FromExpression(() => Work.Do(tag)), new EnqueuedState());
        })));

        await Until.TrueAsync(() => one.GetMonitoringApi().SucceededListCount() == Threads * Each, "all have succeeded", () => $"{one.GetMonitoringApi().SucceededListCount()} have");
        Assert.Equal(Threads * Each, Work.AttemptsOf(tag));
        Assert.Empty(WarningLog.Of(one));
    }

    [Theory]
    [InlineData("statement_timeout = '2s'")]
    [InlineData("lock_timeout = '1s'")]
    public async Task ACommit_WaitsForRowsInUse_WhenTheRoleHasAShortTimeout(string setting)
    {
        var schema = server.NewSchema();
        using var storage = Open(AddressOf(NewRole(setting)), schema, prepare: true);
        using (storage.GetConnection())
        {
        }
        await using var holder = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"LOCK TABLE {schema}.job IN EXCLUSIVE MODE", holder))
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var enqueued = Task.Run(() => new BackgroundJobClient(storage).Create(SampleJobs.Text("x"), new EnqueuedState()), TestContext.Current.CancellationToken);
        // A commit that must wait is repeated, so its statements are short.
        var clock = Stopwatch.StartNew();
        await Until.TrueAsync(
            () => enqueued.IsCompleted
                || (clock.Elapsed > TimeSpan.FromSeconds(3) && Number($"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{schema}%'") > 0),
            "the commit waits for longer than the role may");
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(storage.GetMonitoringApi().JobDetails(await enqueued));
    }

    [Fact]
    public void Writes_SayThatTheRoleMayOnlyRead_WhenThatIsItsDefault()
    {
        var schema = server.NewSchema();
        using (var first = new PostgreSqlJobStorage(server.ConnectionString, new PostgreSqlJobStorageOptions { Schema = schema }))
        using (first.GetConnection())
        {
        }
        var role = NewRole("default_transaction_read_only = on");
        Execute($"GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}");
        using var storage = Open(AddressOf(role), schema, prepare: true);

        Assert.Equal(0, storage.GetMonitoringApi().GetStatistics().Enqueued);
        var error = Assert.ThrowsAny<Exception>(() => new BackgroundJobClient(storage) { RetryAttempts = 0 }.Create(SampleJobs.Text("x"), new EnqueuedState()));

        var unavailable = Assert.IsType<JobStorageUnavailableException>(error.InnerException ?? error);
        Assert.False(unavailable.MayBeCommitted);
        Assert.Contains("read-only", unavailable.Message, StringComparison.Ordinal);
    }

    private static PostgreSqlJobStorage Open(string address, string schema, bool prepare) =>
        new(address, new PostgreSqlJobStorageOptions { Schema = schema, PrepareStatements = prepare, PollInterval = TimeSpan.FromSeconds(1) });

    private string NewRole(string setting)
    {
        var role = $"r_{Guid.NewGuid():N}";
        Execute($"CREATE ROLE {role} LOGIN; GRANT CREATE ON DATABASE postgres TO {role}; ALTER ROLE {role} SET {setting}");
        return role;
    }

    private string AddressOf(string role) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = role }.ConnectionString;

    private void Execute(string sql)
    {
        using var command = server.Database.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var command = server.Database.CreateCommand(sql);
        return (long)command.ExecuteScalar()!;
    }
}
